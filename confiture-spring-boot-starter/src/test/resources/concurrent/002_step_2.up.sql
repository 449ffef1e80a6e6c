CREATE TABLE t2 (id int PRIMARY KEY);
INSERT INTO output (migration) VALUES (2);
SELECT pg_sleep(0.2);
