-- A dollar quote that is never closed
CREATE TABLE a (x text);
INSERT INTO a VALUES ($a$one; $b$ $A$);
INSERT INTO a VALUES ('two');
