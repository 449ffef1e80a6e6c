-- Commands of psql
\set owner postgres
CREATE TABLE a (x int);
ALTER TABLE a OWNER TO :owner;
