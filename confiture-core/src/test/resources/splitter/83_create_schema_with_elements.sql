-- A schema with all that it may hold, in one statement
CREATE SCHEMA app
  CREATE TABLE a (x int PRIMARY KEY, y text DEFAULT ';')
  CREATE VIEW v AS SELECT x, ';' AS y FROM a /* ; */
  CREATE SEQUENCE s START 5 -- ;
  CREATE INDEX a_y ON a (y) WHERE y <> ';'
  GRANT SELECT ON v TO PUBLIC;
INSERT INTO app.a VALUES (nextval('app.s'));
CREATE SCHEMA "begin;" CREATE TABLE "atomic;" (x int); CREATE SCHEMA AUTHORIZATION CURRENT_USER;
