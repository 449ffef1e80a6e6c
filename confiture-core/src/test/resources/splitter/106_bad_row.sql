-- A row that is no number
CREATE TABLE a (x int, y text);
COPY a FROM stdin;
1	one
two	two
\.
