-- Semicolons within a BEGIN ATOMIC body, and statements after it
CREATE TABLE a (x int);
CREATE FUNCTION add_two(v int) RETURNS bigint LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO a VALUES (v);
  INSERT INTO a VALUES (v + 1);
  SELECT count(*) FROM a;
END;
SELECT add_two(1);
CREATE OR REPLACE FUNCTION nothing() RETURNS void
LANGUAGE sql BEGIN ATOMIC END;
INSERT INTO a VALUES (10);
