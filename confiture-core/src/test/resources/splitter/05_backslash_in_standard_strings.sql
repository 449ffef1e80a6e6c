-- A backslash before the closing quote is just a backslash
CREATE TABLE a (x text);
INSERT INTO a VALUES ('C:\'), ('\''; DROP TABLE a; --\');
INSERT INTO a VALUES (N'n\'), ('x''\');
CREATE TABLE b (x bit(4), y bytea);
INSERT INTO b VALUES (B'0101', '\x3b'), (X'f', '\073');
