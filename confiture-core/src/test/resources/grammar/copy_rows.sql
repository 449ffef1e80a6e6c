-- COPY of rows in the script, which follow the lines that say so
--: copy_file_name = stdin
COPY t FROM STDIN; -- rows
1	a;b
it's	$$
\.
COPY t (a, "b;") FROM stdin WITH DELIMITER AS ';' CSV HEADER; -- rows
a;"b;
"
COPY t FROM stdin;
\.
COPY BINARY t FROM STDIN USING DELIMITERS ';' NULL AS 'x'; -- rows
\.
COPY s.t FROM
  /* ; */ stdin (FORMAT csv, DELIMITER ';', NULL 'from stdin') WHERE a <> ';'; -- rows
é;/*
SELECT 1;
 \.
\.x
\\.
\.
COPY t FROM stdin FREEZE CSV FORCE NOT NULL a FORCE NULL b ENCODING 'utf8'; SELECT 1; SELECT ';'; -- rows
1
\.
SELECT 2; COPY stdin (stdin) FROM stdin; -- rows
1
\.
BEGIN; COPY t FROM stdin WITH (HEADER match); COMMIT; -- rows
\.
COPY t FROM stdout; -- rows
1
\.
SELECT 3;
