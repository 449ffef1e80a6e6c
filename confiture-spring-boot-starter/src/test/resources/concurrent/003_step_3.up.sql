CREATE TABLE t3 (id int PRIMARY KEY);
INSERT INTO output (migration) VALUES (3);
SELECT pg_sleep(0.2);
