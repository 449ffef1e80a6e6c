-- Functions whose body is an expression
CREATE FUNCTION one() RETURNS int RETURN 1;
CREATE FUNCTION kind(v int) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN v > 0 THEN 'plus; END;' WHEN v = 0 THEN $$zero;$$ ELSE (SELECT 'minus' WHERE true) END;
CREATE FUNCTION sum_of(a int, b int DEFAULT one()) RETURNS int RETURN $1 + $2 * a;
CREATE TABLE a AS SELECT one() AS o, kind(v) AS k, sum_of(v) AS b FROM generate_series(-1, 1) AS v;
