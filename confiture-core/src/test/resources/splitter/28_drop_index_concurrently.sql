-- Dropping an index concurrently between other statements
CREATE TABLE a (x int);
CREATE INDEX a_x ON a (x);
CREATE INDEX "A x" ON a (x DESC);
DROP INDEX CONCURRENTLY a_x;
DROP INDEX CONCURRENTLY IF EXISTS public."A x" RESTRICT;
DROP INDEX CONCURRENTLY IF EXISTS missing;
ALTER TABLE a ADD COLUMN y int;
