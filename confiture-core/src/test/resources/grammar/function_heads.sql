-- Names, arguments and results of functions; each comment with a colon names the grammar's alternative that follows.
--: CreateFunctionStmt = function returns
--: opt_or_replace = none
--: func_args_with_defaults = none
--: func_type = type
--: createfunc_opt_list = several
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1;';
--: CreateFunctionStmt = function returns table
--: opt_or_replace = or replace
--: table_func_column_list = one
CREATE OR REPLACE FUNCTION s.f() RETURNS TABLE (a int) LANGUAGE sql AS $$ SELECT 1; $$;
--: table_func_column_list = several
CREATE FUNCTION f() RETURNS TABLE ("a;" numeric(4, 2), b text[][3], c timestamp(3) with time zone) LANGUAGE sql RETURN 1;
--: CreateFunctionStmt = function without result
--: createfunc_opt_list = none
--: opt_routine_body = none
CREATE FUNCTION f(OUT a int);
--: func_args_with_defaults = some
--: func_arg = type
CREATE FUNCTION f(int, text) RETURNS int AS 'x';
--: func_arg = name type
CREATE FUNCTION f(a int, begin text) RETURNS int AS 'x';
--: func_arg = class name type
CREATE FUNCTION f(IN a int, OUT atomic text) AS 'x';
--: func_arg = name class type
CREATE FUNCTION f(a IN int, "b;" OUT text) AS 'x';
--: func_arg = class type
CREATE FUNCTION f(IN int, INOUT text) AS 'x';
--: arg_class = in
CREATE FUNCTION f(IN a int) RETURNS int AS 'x';
--: arg_class = out
CREATE FUNCTION f(OUT a int) AS 'x';
--: arg_class = inout
CREATE FUNCTION f(INOUT a int) AS 'x';
--: arg_class = in out
CREATE FUNCTION f(IN OUT a int) AS 'x';
--: arg_class = variadic
CREATE FUNCTION f(VARIADIC a int[]) RETURNS int AS 'x';
--: func_arg_with_default = default
CREATE FUNCTION f(a int DEFAULT 1, b text DEFAULT ';', c text DEFAULT $x$;$x$) RETURNS int AS 'x';
--: func_arg_with_default = equals
CREATE FUNCTION f(a int = 1 + (2 * 3), b text = CASE WHEN true THEN ';' END) RETURNS int AS 'x';
--: func_arg_with_default = none
CREATE FUNCTION f(a int) RETURNS SETOF int AS 'x';
--: func_type = column
CREATE FUNCTION f(a s.t.c%TYPE) RETURNS t.c%TYPE AS 'x';
--: func_type = set of column
CREATE FUNCTION f() RETURNS SETOF s.t.c %TYPE AS 'x';
--: CreateFunctionStmt = procedure
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1; SELECT 2';
CREATE OR REPLACE PROCEDURE s.p(INOUT a int DEFAULT 1, VARIADIC b text[] = '{;}') LANGUAGE plpgsql AS $p$
BEGIN
  COMMIT; -- of the body
  ROLLBACK;
END;
$p$;
CREATE FUNCTION "function;"("begin" int) RETURNS "atomic;" AS 'x';
CREATE FUNCTION begin(atomic int) RETURNS int AS 'x';
CREATE FUNCTION atomic() RETURNS int AS 'x';
CREATE OR REPLACE FUNCTION function() RETURNS int AS 'x';
