-- Semicolons, quotes, comment signs and dollar quotes in rows
CREATE TABLE a (x text);
COPY a FROM stdin;
it's; "odd
-- no comment
/* no comment
$$ no quote
E'\\'
?{fn now()}
ü€😀
\.
SELECT count(*) FROM a;
