-- Empty last columns: a tab at the end of the line counts
CREATE TABLE a (x int, y text, z text);
COPY a FROM stdin;
1		
2	 	 
3		
\.
