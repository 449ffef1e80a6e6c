-- Branches of psql
\if true
CREATE TABLE a (x int);
\else
CREATE TABLE b (x int);
\endif
