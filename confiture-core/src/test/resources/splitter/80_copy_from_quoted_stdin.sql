-- A column called stdin is no stream: what follows are statements
CREATE TABLE a (x int, stdin int);
CREATE VIEW stdin AS SELECT x FROM a;
INSERT INTO a SELECT 1, x FROM stdin;
COPY (SELECT x FROM stdin) TO STDOUT;
INSERT INTO a VALUES (2, 2);
COMMENT ON TABLE a IS 'COPY a FROM stdin;';
INSERT INTO a VALUES (3, 3);
