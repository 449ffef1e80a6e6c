-- A COMMIT that would make half a migration permanent
CREATE TABLE a (x int);
INSERT INTO a SELECT 1; COMMIT;
INSERT INTO a VALUES (2);
