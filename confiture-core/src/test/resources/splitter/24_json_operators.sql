-- Question marks and other operators that a JDBC driver could take for parameters
CREATE TABLE a (j jsonb);
INSERT INTO a VALUES ('{"k": {"n": [1, 2, "?"]}, "?": null}');
CREATE INDEX a_has ON a ((j ? 'k'));
CREATE TABLE b AS
  SELECT j ? 'k' AS has, j ?| ARRAY['x', '?'] AS some, j ?& ARRAY['k', 'x'] AS every,
         j -> 'k' ->> 'n' AS arrow, j #>> '{k,n,0}' AS path, j @? '$.k.n[*] ? (@ > 1)' AS exists,
         j @@ '$.k.n[0] == 1' AS matches, j - '?' AS without, j @> '{"k": {}}' AS contains
  FROM a;
