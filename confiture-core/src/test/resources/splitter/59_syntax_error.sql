-- A syntax error in the second statement
CREATE TABLE a (x int);
CREATE TABEL b (x int);
