-- Operators next to comments and signs
CREATE FUNCTION minus(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE OPERATOR @- (LEFTARG = int, RIGHTARG = int, FUNCTION = minus);
CREATE OPERATOR ^/ (LEFTARG = int, RIGHTARG = int, FUNCTION = minus);
CREATE OPERATOR ?# (LEFTARG = int, RIGHTARG = int, FUNCTION = minus);
CREATE TABLE a AS
  SELECT 5 @- 3 AS a, 5 @- --3;
         3 AS b, 6*/*;*/2 AS c, 8 ^/* ; */ 1 AS d, 9 ^/ 4 AS e, 5 ?# 1 AS f,
         1 - -1 AS g, 2< -1 AS h, @ -3 AS i, |/4 AS j, 1 <> 2 AS k, 'a'||';'||'b' AS l
  WHERE 1 OPERATOR(pg_catalog.=) 1;
