-- Saved in Latin-1
CREATE TABLE a (x text);
INSERT INTO a VALUES ('größe;');
