-- Recursion with SEARCH and CYCLE, windows, grouping sets, lateral joins, and the words copy, stdin and end as names
CREATE TABLE copy (stdin int, "end" int, from_ text);
INSERT INTO copy SELECT i, i / 2, ';' FROM generate_series(1, 7) AS i;
CREATE VIEW tree AS
  WITH RECURSIVE t AS (
    SELECT stdin, c.end FROM copy c WHERE c.end = 0
    UNION ALL SELECT c.stdin, c.end FROM copy c JOIN t ON c.end = t.stdin
  ) SEARCH DEPTH FIRST BY stdin SET ordered CYCLE stdin SET looped USING path
  SELECT stdin, ordered::text, count(*) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM t
  WINDOW w AS (PARTITION BY t.end ORDER BY stdin);
CREATE TABLE stdin AS SELECT grouping(a.stdin), sum(b.x), array_agg(a.from_ ORDER BY a.stdin)
  FROM copy AS a, LATERAL (SELECT a.stdin * 2 AS x) AS b GROUP BY GROUPING SETS ((a.stdin), ()) ORDER BY 1, 2;
INSERT INTO copy SELECT 8, 8, ';' FROM stdin LIMIT 1;
TABLE copy; COPY copy TO stdout; COPY copy FROM stdin;
9	9	copy
\.
INSERT INTO copy VALUES (10);
