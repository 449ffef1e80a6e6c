-- Bodies as literals that look like bodies in SQL, and the other way round
CREATE FUNCTION a() RETURNS text LANGUAGE sql AS 'SELECT ''BEGIN ATOMIC'';';
CREATE FUNCTION b() RETURNS text LANGUAGE plpgsql AS 'DECLARE atomic text; BEGIN atomic := ''x;''; RETURN atomic; END' ;
CREATE FUNCTION c(begin text DEFAULT 'BEGIN ATOMIC') RETURNS text LANGUAGE sql SET search_path = public, 'atomic;' AS $$SELECT begin;$$;
CREATE TABLE d (function text DEFAULT 'BEGIN', "atomic;" text, procedure int);
CREATE VIEW e AS SELECT procedure begin, "atomic;" atomic FROM d; INSERT INTO d VALUES (DEFAULT, c());
CREATE FUNCTION atomic(begin int) RETURNS int LANGUAGE sql AS 'SELECT begin'; INSERT INTO d (procedure) VALUES (atomic(1));
