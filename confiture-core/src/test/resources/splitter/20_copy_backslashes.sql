-- Rows that begin or end with a backslash, which is not yet the end
CREATE TABLE a (x text, y text);
COPY a FROM stdin;
\N	\N
\\	\\
\t	\\.
a\
b	c
\.
