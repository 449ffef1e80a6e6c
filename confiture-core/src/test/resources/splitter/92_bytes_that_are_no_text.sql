-- A surrogate by itself, as some converters write it
CREATE TABLE a (x text);
INSERT INTO a VALUES ('í €;');
