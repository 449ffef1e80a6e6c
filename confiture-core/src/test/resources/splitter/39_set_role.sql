-- Objects created as another role
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'splitter_owner') THEN
    CREATE ROLE splitter_owner;
  END IF;
END
$$;
CREATE SCHEMA app AUTHORIZATION splitter_owner;
SET ROLE splitter_owner;
CREATE TABLE app.a (x int);
RESET ROLE;
SET SESSION AUTHORIZATION splitter_owner;
CREATE VIEW app.v AS SELECT x FROM app.a;
RESET SESSION AUTHORIZATION;
GRANT SELECT ON app.v TO PUBLIC;
