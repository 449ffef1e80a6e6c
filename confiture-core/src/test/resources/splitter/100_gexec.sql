-- Commands of psql behind a statement
CREATE TABLE a (x int);
SELECT 'INSERT INTO a VALUES (1)' \gexec
