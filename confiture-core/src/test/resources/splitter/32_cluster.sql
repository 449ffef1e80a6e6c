-- CLUSTER with a table takes part in a transaction, without one it refuses
CREATE TABLE a (x int);
INSERT INTO a SELECT i FROM generate_series(3, 1, -1) AS i;
CREATE INDEX a_x ON a (x);
CLUSTER a USING a_x;
CLUSTER;
CLUSTER VERBOSE;
INSERT INTO a VALUES (4);
