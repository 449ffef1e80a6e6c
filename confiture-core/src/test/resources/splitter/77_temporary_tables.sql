-- What the session keeps
CREATE TEMP TABLE t (x int);
INSERT INTO t VALUES (1), (2);
CREATE TABLE a AS SELECT x FROM t;
DROP TABLE t;
LISTEN channel;
NOTIFY channel, 'pay;load';
UNLISTEN *;
