-- The last statement has no semicolon and is followed by a comment
CREATE TABLE a (x int);
INSERT INTO a VALUES (1)
-- the end