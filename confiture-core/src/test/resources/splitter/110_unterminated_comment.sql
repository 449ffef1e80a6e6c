-- A comment that is never closed
CREATE TABLE a (x int);
/* /* */ INSERT INTO a VALUES (1);
