-- Two statements in one message, as psql sends them
CREATE TABLE a (x int)\; INSERT INTO a VALUES (1);
