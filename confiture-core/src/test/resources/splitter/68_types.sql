-- Enums, domains, composite types, ranges, aggregates and casts
CREATE TYPE colour AS ENUM ('red;', 'it''s', E'tab\t');
ALTER TYPE colour ADD VALUE IF NOT EXISTS 'green' BEFORE 'it''s';
CREATE DOMAIN code AS varchar(5) DEFAULT ';' NOT NULL CHECK (VALUE ~ '^[a-z;]+$');
CREATE TYPE pair AS (a int, b code);
CREATE TYPE span AS RANGE (subtype = int);
CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int, initcond = '0');
CREATE FUNCTION pair_text(pair) RETURNS text LANGUAGE sql AS $$ SELECT ($1).a || ';' $$;
CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair) AS ASSIGNMENT;
CREATE TABLE a (c colour, p pair, s span);
INSERT INTO a VALUES ('red;', (1, 'a;'), '[1,3)');
