-- Markers in literals, bodies and block comments
CREATE TABLE a (x text);
INSERT INTO a VALUES ('
-- migrate:down
');
/*
-- migrate:down
*/
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
-- migrate:down
-- confiture: transactional=false
  RETURN 1;
END;
$$;
