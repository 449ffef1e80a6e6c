-- A column called end within BEGIN ATOMIC, which psql itself takes for the end of the body
CREATE TABLE span (start int, "end" int);
CREATE FUNCTION span_ends() RETURNS SETOF int LANGUAGE sql
BEGIN ATOMIC
  SELECT span.end FROM span;
  SELECT start AS end FROM span ORDER BY 1;
END;
INSERT INTO span VALUES (1, 2);
