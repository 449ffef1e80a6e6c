-- Rows in COPY's text format
CREATE TABLE a (id int, name text, note text);
COPY a (id, name, note) FROM stdin;
1	One	first
2	Two	\N
3	Tab\there	new\nline
\.
INSERT INTO a VALUES (4, 'Four', 'after');
