-- Operators made of every sign, beside comments
CREATE FUNCTION plus(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2;';
CREATE OPERATOR @#@ (leftarg = int, rightarg = int, function = plus);
CREATE OPERATOR |~|/ (leftarg = int, rightarg = int, procedure = plus);
CREATE OPERATOR ?&! (leftarg = int, rightarg = int, function = plus);
CREATE OPERATOR <%-> (leftarg = int, rightarg = int, function = plus);
CREATE TABLE a AS SELECT 1 @#@ 2 AS a, 1@#@--;
2 AS b, 1@#@/*;*/2 AS c, 1 |~|/ 2 AS d, 3*/*;*/4 AS e, 1 ?&! 2 AS f, 1 OPERATOR(public.<%->) 2 AS g, 5 <%-> -1 AS h;
COMMENT ON OPERATOR @#@ (int, int) IS ';'; DROP OPERATOR ?&! (int, int);
