-- CSV rows with quotes, separators and line breaks within fields
CREATE TABLE a (id int, name text);
COPY a FROM STDIN WITH (FORMAT csv, HEADER true, DELIMITER ';');
id;name
1;"a; ""b""
second line"
2;plain
3;""
4;
\.
COPY a FROM stdin CSV;
5,"x
-- y"
6,"
\.x;
"
\.
