-- Rows that look like statements, commands and markers
CREATE TABLE a (x text);
COPY a FROM stdin;
DROP TABLE a;
COMMIT;
COPY a FROM stdin;
BEGIN
-- migrate:down
-- confiture: transactional=false
\\.
 \\.
\\connect
\.
INSERT INTO a VALUES ('after');
