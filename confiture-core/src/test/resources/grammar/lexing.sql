-- What semicolons do not count in
SELECT 1;SELECT 2;;;SELECT 3 ;
/* a; /* b; */ c; */ SELECT /* ' */ 4 /* " */;
SELECT ';', ''';''', ';;', E'\';', e'\\', E';'
  '\';', N';\', B'01', X'f', U&';\0441\\;', U&'!003B;' UESCAPE '!';
SELECT ";", """;""", U&"\0061;", U&"!0061;" UESCAPE '!' FROM ";" AS "a;";
SELECT $$;$$, $a$;$$;$a$, $a$ $b$ ; $b$ $a$, $_1$;$_1$, $é$;$é$, a$b$, a$$ FROM c$;
PREPARE p (int, text) AS SELECT $1, $2, $1+$2, $1::text||$2;
EXECUTE p (1, ';');
SELECT a[1:2], b::int, 'x'::"char" FROM f(a := 1, b => 2);
SELECT 1+-1, 1--;
 +2, 3 @-4, 5 */*;*/6, 7 <-- ;
  8, @ -9, a ?| b, a #>> b, a @? b, |/ 4, a ~* ';';
SELECT 1_000, 0x1F, 0o17, 0b11, 1.5e-3, .5, 5., 1e10, 1.e5;
SELECT 'a\';SELECT '\'';';
SELECT CASE WHEN a THEN ';' END, begin atomic, "end" FROM begin;
CREATE TABLE begin (function int, procedure int, atomic int, "end" int, copy int, stdin int);
CREATE VIEW function AS SELECT begin atomic FROM begin; SELECT 1 AS end;
CREATE VIEW v AS SELECT procedure, begin atomic FROM function; SELECT 2;
SELECT copy FROM stdin; SELECT 1 FROM stdin; EXPLAIN SELECT * FROM stdin; SELECT 3;
WITH copy AS (SELECT 1) SELECT * FROM copy, stdin; SELECT 4;
BEGIN; SAVEPOINT a; ROLLBACK TO a; RELEASE a; COMMIT; START TRANSACTION; ABORT; BEGIN ISOLATION LEVEL SERIALIZABLE; END AND CHAIN;
DECLARE c CURSOR WITH HOLD FOR SELECT ';'; FETCH ALL c; CLOSE c;
SECURITY LABEL FOR "p;" ON TABLE t IS 'a;b'; COMMENT ON TABLE t IS ';'; NOTIFY n, ';';
SET search_path = a, ';'; SET TIME ZONE ';'; SHOW ALL; RESET ALL; LOCK TABLE t; LISTEN "c;";
ALTER FUNCTION f() RESET ALL; DROP FUNCTION begin(atomic); ALTER PROCEDURE p() SET a = ';'; CALL begin(';');
GRANT EXECUTE ON FUNCTION f(int) TO "a;"; CREATE AGGREGATE a (int) (sfunc = ";", stype = int, initcond = ';');
CREATE OPERATOR ### (leftarg = int, function = f); CREATE CAST (a AS b) WITH FUNCTION f(a);
CREATE POLICY p ON t USING (a = ';') WITH CHECK (b <> (';')); ANALYZE; VACUUM (FULL, ANALYZE) t;
MERGE INTO t USING u ON t.a = u.a WHEN MATCHED AND t.b = ';' THEN UPDATE SET a = ';' WHEN NOT MATCHED THEN DO NOTHING;
SELECT 'a'
'b;' /* no; */ , 'c'; SELECT '名前;', "名前;", 名前, '😀;' FROM größe; SELECT 5
-- the end; without a semicolon
