-- Upserts, writing CTEs and updates with sub-selects
CREATE TABLE a (x int PRIMARY KEY, y text);
INSERT INTO a VALUES (1, ';') ON CONFLICT (x) DO UPDATE SET y = excluded.y || ';' WHERE a.y <> ';';
WITH moved AS (DELETE FROM a WHERE x = 1 RETURNING *), kept AS (SELECT x + 1 AS x, y FROM moved)
INSERT INTO a SELECT x, y FROM kept;
UPDATE a SET (x, y) = (SELECT 5, ';;') WHERE x = 2;
(SELECT 1) UNION (SELECT 2);
VALUES (1), (2);
TABLE a;
