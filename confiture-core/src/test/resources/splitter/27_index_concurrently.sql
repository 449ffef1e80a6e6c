-- A table and its index built concurrently in one file
CREATE TABLE a (x int, y int);
INSERT INTO a SELECT i, i % 3 FROM generate_series(1, 100) AS i;
CREATE INDEX CONCURRENTLY a_y ON a (y);
CREATE UNIQUE INDEX /* ; */ concurrently IF NOT EXISTS a_x ON public.a (x);
CREATE INDEX CONCURRENTLY ON a ((x + y)) WHERE x > 1;
ALTER TABLE a ADD CONSTRAINT a_x_key UNIQUE USING INDEX a_x;
