-- Windows line ends around and within the rows
CREATE TABLE a (x int, y text);
COPY a FROM stdin;
1	one
2	
\.
INSERT INTO a VALUES (3, 'three');
