-- What JDBC calls escapes: braces in literals, bodies and arrays
CREATE TABLE a (x text, y int[]);
INSERT INTO a VALUES ('{d ''2026-01-01''}', '{1,2}'), ('{fn now()}', '{}'), ('{call f(?)}', '{NULL}');
CREATE FUNCTION braces() RETURNS text LANGUAGE sql AS $$ SELECT '{ts ''x''}' || '?' $$;
DO $$ BEGIN PERFORM '{oj a}'; END $$;
