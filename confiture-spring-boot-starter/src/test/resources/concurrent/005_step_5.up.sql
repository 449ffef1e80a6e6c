CREATE TABLE t5 (id int PRIMARY KEY);
INSERT INTO output (migration) VALUES (5);
SELECT pg_sleep(0.2);
