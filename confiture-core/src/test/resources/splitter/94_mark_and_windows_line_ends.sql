-- confiture: statement-timeout=1min meta.owner="a;b"
-- A byte order mark, a directive and Windows line ends
CREATE TABLE a (x text);
COPY a FROM stdin;
one;
\.
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC
  SELECT 1;
END;
/* 
; */ INSERT INTO a VALUES ('two
lines;');
