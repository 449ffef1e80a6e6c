-- The file ends with the end of the rows, without a line break, which psql does not recognise
CREATE TABLE a (x int);
COPY a FROM stdin;
1
\.