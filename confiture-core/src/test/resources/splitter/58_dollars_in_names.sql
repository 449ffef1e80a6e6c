-- Dollar signs within names are not quotes
CREATE TABLE a$b$ (x$$ int, y$1 int);
INSERT INTO a$b$ VALUES (1, 2); INSERT INTO a$b$ (x$$) VALUES (3);
CREATE TABLE é$$ (x int); INSERT INTO é$$ VALUES (1);
PREPARE p (int) AS INSERT INTO a$b$ VALUES ($1, $1);
EXECUTE p (4);
DEALLOCATE p;
