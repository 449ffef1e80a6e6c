CREATE TABLE output (migration int, pid int DEFAULT pg_backend_pid());
CREATE TABLE t1 (id int PRIMARY KEY);
INSERT INTO output (migration) VALUES (1);
SELECT pg_sleep(0.2);
