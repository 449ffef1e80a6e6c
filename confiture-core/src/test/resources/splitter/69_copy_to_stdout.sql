-- COPY to the client, which gets nothing to keep
CREATE TABLE a (x int);
INSERT INTO a VALUES (1), (2);
COPY a TO STDOUT;
COPY (SELECT x, 'from stdin;' FROM a) TO stdout WITH (FORMAT csv, HEADER);
INSERT INTO a VALUES (3);
