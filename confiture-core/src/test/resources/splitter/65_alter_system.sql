-- ALTER SYSTEM refuses transactions
CREATE TABLE a (x int);
ALTER SYSTEM SET application_name = 'a;b';
INSERT INTO a VALUES (1);
ALTER SYSTEM RESET application_name;
