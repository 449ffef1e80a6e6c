-- The whole file in a transaction of its own
BEGIN;
CREATE TABLE a (x int);
INSERT INTO a VALUES (1);
SAVEPOINT one;
INSERT INTO a VALUES (2);
ROLLBACK TO SAVEPOINT one;
RELEASE SAVEPOINT one;
COMMIT;
