-- A byte order mark before the first statement
CREATE TABLE a (x text);
INSERT INTO a VALUES ('é');
