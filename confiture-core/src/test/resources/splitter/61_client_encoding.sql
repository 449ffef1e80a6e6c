-- An encoding with which the driver would close the connection
CREATE TABLE a (x text);
SET client_encoding = 'LATIN1';
INSERT INTO a VALUES ('x');
