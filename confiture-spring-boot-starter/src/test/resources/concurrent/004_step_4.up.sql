CREATE TABLE t4 (id int PRIMARY KEY);
INSERT INTO output (migration) VALUES (4);
SELECT pg_sleep(0.2);
