-- A function that does not exist, behind a BEGIN ATOMIC body and rows
CREATE TABLE a (x int);
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC
  SELECT 1;
  SELECT 2;
END;
COPY a FROM stdin;
1
\.
SELECT f(),
       g(1);
