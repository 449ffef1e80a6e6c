-- $1 is a parameter, $1$ no tag
CREATE FUNCTION total(int, int) RETURNS int LANGUAGE sql
BEGIN ATOMIC
  SELECT $1+$2;
  SELECT $1 + $2 * $1;
END;
CREATE FUNCTION plain(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1 - $2;';
CREATE TABLE a AS SELECT total(2, 3) AS x, plain(5, 3) AS y;
