-- Blocks without rows
CREATE TABLE a (x int);
COPY a FROM stdin;
\.
COPY a FROM stdin WITH CSV HEADER;
x
\.
INSERT INTO a VALUES (1);
