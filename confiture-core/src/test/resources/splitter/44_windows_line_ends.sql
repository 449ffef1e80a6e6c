-- Windows line ends, in literals and bodies too
CREATE TABLE a (x text);
INSERT INTO a VALUES ('two
lines'), (E'x'
'y\'');
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN -- one;
  RETURN 1;
END;
$$;
