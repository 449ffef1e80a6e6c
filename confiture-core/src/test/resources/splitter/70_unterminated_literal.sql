-- A literal that is never closed
CREATE TABLE a (x text);
INSERT INTO a VALUES ('it''s);
INSERT INTO a VALUES (2);
