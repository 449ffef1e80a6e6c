-- A transaction of its own with options, which cannot be dropped without a loss
BEGIN ISOLATION LEVEL SERIALIZABLE;
CREATE TABLE a (x int);
COMMIT;
