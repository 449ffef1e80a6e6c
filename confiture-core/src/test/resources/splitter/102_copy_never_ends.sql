-- Rows to the end of the file, which psql takes; cut off files look the same
CREATE TABLE a (x int);
COPY a FROM stdin;
1
2
