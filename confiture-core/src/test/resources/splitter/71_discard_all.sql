-- DISCARD ALL would drop the migration lock
CREATE TABLE a (x int);
DISCARD ALL;
