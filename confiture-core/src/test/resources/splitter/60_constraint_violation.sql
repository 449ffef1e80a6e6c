-- A duplicate key in the last row
CREATE TABLE a (x int PRIMARY KEY);
INSERT INTO a VALUES (1);
INSERT INTO a VALUES (1);
