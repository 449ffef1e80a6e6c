-- Partitions of all kinds, and inheritance
CREATE TABLE m (id int, at date, k text) PARTITION BY RANGE (at);
CREATE TABLE m_old PARTITION OF m FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
CREATE TABLE m_new PARTITION OF m FOR VALUES FROM ('2026-01-01') TO (MAXVALUE) PARTITION BY LIST (k);
CREATE TABLE m_new_a PARTITION OF m_new FOR VALUES IN ('a', ';');
CREATE TABLE m_new_rest PARTITION OF m_new DEFAULT;
CREATE INDEX m_at ON m (at);
CREATE INDEX m_id ON ONLY m (id);
INSERT INTO m VALUES (1, '2025-01-01', 'x'), (2, '2026-02-02', ';'), (3, '2026-02-02', 'z');
CREATE TABLE parent (x int);
CREATE TABLE child (y int) INHERITS (parent);
INSERT INTO child VALUES (1, 2);
