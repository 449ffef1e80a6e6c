-- Types of every kind, and views.
CREATE SCHEMA kinds;
CREATE TYPE kinds.mood AS ENUM ('sad', 'so la la', 'it''s ok');
ALTER TYPE kinds.mood ADD VALUE 'fine' BEFORE 'so la la';
COMMENT ON TYPE kinds.mood IS 'How it goes';
CREATE COLLATION kinds.german (provider = icu, locale = 'de-u-co-phonebk', deterministic = false);
CREATE COLLATION kinds.plain (locale = 'C');
COMMENT ON COLLATION kinds.german IS 'As in the phone book';
CREATE DOMAIN kinds.email AS varchar(200) COLLATE "C" DEFAULT 'a@b' NOT NULL CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
CREATE DOMAIN kinds.small AS integer CHECK (VALUE < 100) CHECK (VALUE > 0);
ALTER DOMAIN kinds.small ADD CONSTRAINT even CHECK (VALUE % 2 = 0) NOT VALID;
COMMENT ON DOMAIN kinds.small IS 'Fits';
COMMENT ON CONSTRAINT even ON DOMAIN kinds.small IS 'For pairs';
CREATE TYPE kinds.address AS (street text COLLATE "C", number integer, "Post Code" char(5));
COMMENT ON COLUMN kinds.address.street IS 'With its number';
CREATE FUNCTION kinds.distance(x double precision, y double precision) RETURNS double precision LANGUAGE sql IMMUTABLE
    AS $$ SELECT x - y $$;
CREATE TYPE kinds.reals AS RANGE (subtype = double precision, subtype_diff = kinds.distance,
    multirange_type_name = kinds.many_reals);
CREATE TYPE kinds.texts AS RANGE (subtype = text, collation = "C", subtype_opclass = text_pattern_ops);

CREATE TABLE kinds.person (
    id integer PRIMARY KEY,
    mood kinds.mood DEFAULT 'fine',
    moods kinds.mood[],
    mail kinds.email,
    home kinds.address,
    span kinds.reals,
    spans kinds.many_reals,
    name text COLLATE kinds.german
);
CREATE TABLE kinds.typed OF kinds.address (PRIMARY KEY (number));

CREATE VIEW kinds.happy AS SELECT id, mood, (home).street FROM kinds.person WHERE mood > 'sad';
ALTER VIEW kinds.happy ALTER COLUMN mood SET DEFAULT 'fine';
COMMENT ON VIEW kinds.happy IS 'Those';
COMMENT ON COLUMN kinds.happy.street IS 'Of the home';
CREATE VIEW kinds.checked WITH (security_barrier = true) AS SELECT id, name FROM kinds.person WHERE id > 10
    WITH CASCADED CHECK OPTION;
CREATE RECURSIVE VIEW kinds.numbers (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < 10;
CREATE VIEW kinds.of_view AS SELECT count(*) AS people, max(h.mood) AS best FROM kinds.happy h JOIN kinds.checked c USING (id);
CREATE MATERIALIZED VIEW kinds.summary WITH (fillfactor = 90) AS
    SELECT mood, count(*) AS people, interval '1 day 02:00' AS age, 1.0::double precision / 3 AS third FROM kinds.person GROUP BY mood;
CREATE UNIQUE INDEX summary_mood ON kinds.summary (mood);
COMMENT ON MATERIALIZED VIEW kinds.summary IS 'Once a day';
CREATE RULE insert_happy AS ON INSERT TO kinds.happy DO INSTEAD INSERT INTO kinds.person (id, mood) VALUES (new.id, new.mood);
