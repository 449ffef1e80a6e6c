-- COPY with the options of either syntax
CREATE TABLE a (x int, y text, z text);
COPY a FROM stdin DELIMITERS ';';
1;one;two
\.
COPY a (y, x) FROM STDIN USING DELIMITERS '|' NULL AS 'none';
none|2
\.
COPY a FROM stdin WITH DELIMITER AS ';' CSV HEADER QUOTE AS '''' ESCAPE AS E'\\' FORCE NOT NULL y, z;
x;y;z
3;;'it\'s;'
\.
COPY public.a FROM stdin (FORMAT 'csv', DELIMITER ',', NULL 'from stdin', FORCE_NULL (y, z), HEADER off) WHERE x > 4;
4,a,b
5,"from stdin",from stdin
6,"a
b",";"
\.
COPY a
(
x
) FROM
-- stdin;
stdin
WITH (FORMAT text, ENCODING $$UTF8$$)
;
7
\.
INSERT INTO a VALUES (8);
