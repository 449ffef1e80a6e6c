-- Several COPY blocks, and a statement behind one on its line
CREATE TABLE a (x int);
CREATE TABLE b (x int);
COPY a FROM stdin;
1
\.
COPY b FROM stdin; INSERT INTO a SELECT x * 10 FROM b;
2
3
\.
COPY a FROM stdin; COPY b FROM stdin;
4
\.
5
\.
