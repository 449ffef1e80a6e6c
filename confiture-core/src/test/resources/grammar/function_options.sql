-- Every option of a function
--: createfunc_opt_list = one
--: createfunc_opt_item = as
--: func_as = one
CREATE FUNCTION f() RETURNS int AS 'SELECT ''a;b''';
--: func_as = two
CREATE FUNCTION f() RETURNS int AS '$libdir/a;b', 'symbol;' LANGUAGE c;
--: createfunc_opt_item = language word
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$;$$;
--: createfunc_opt_item = language string
CREATE FUNCTION f() RETURNS int LANGUAGE 'sql;' AS $$;$$;
--: createfunc_opt_item = transform
--: transform_type_list = one
CREATE FUNCTION f(a hstore) RETURNS int TRANSFORM FOR TYPE hstore LANGUAGE plpython3u AS $py$ a = ';' $py$;
--: transform_type_list = several
CREATE FUNCTION f(a hstore) RETURNS int TRANSFORM FOR TYPE hstore, FOR TYPE s.jsonb LANGUAGE plpython3u AS ';';
--: createfunc_opt_item = window
CREATE FUNCTION f() RETURNS int WINDOW LANGUAGE internal AS 'window_rank';
--: createfunc_opt_item = common
--: common_func_opt_item = called on null input
CREATE FUNCTION f() RETURNS int CALLED ON NULL INPUT AS 'x';
--: common_func_opt_item = returns null on null input
CREATE FUNCTION f() RETURNS int RETURNS NULL ON NULL INPUT AS 'x';
--: common_func_opt_item = strict
CREATE FUNCTION f() RETURNS int STRICT AS 'x';
--: common_func_opt_item = immutable
CREATE FUNCTION f() RETURNS int IMMUTABLE AS 'x';
--: common_func_opt_item = stable
CREATE FUNCTION f() RETURNS int STABLE AS 'x';
--: common_func_opt_item = volatile
CREATE FUNCTION f() RETURNS int VOLATILE AS 'x';
--: common_func_opt_item = external security definer
CREATE FUNCTION f() RETURNS int EXTERNAL SECURITY DEFINER AS 'x';
--: common_func_opt_item = external security invoker
CREATE FUNCTION f() RETURNS int EXTERNAL SECURITY INVOKER AS 'x';
--: common_func_opt_item = security definer
CREATE FUNCTION f() RETURNS int SECURITY DEFINER AS 'x';
--: common_func_opt_item = security invoker
CREATE FUNCTION f() RETURNS int SECURITY INVOKER AS 'x';
--: common_func_opt_item = leakproof
CREATE FUNCTION f() RETURNS int LEAKPROOF AS 'x';
--: common_func_opt_item = not leakproof
CREATE FUNCTION f() RETURNS int NOT LEAKPROOF AS 'x';
--: common_func_opt_item = cost
CREATE FUNCTION f() RETURNS int COST 1.5e2 AS 'x';
--: common_func_opt_item = rows
CREATE FUNCTION f() RETURNS SETOF int ROWS +1_000 AS 'x';
--: common_func_opt_item = support
CREATE FUNCTION f() RETURNS int SUPPORT s."support;" AS 'x';
--: common_func_opt_item = parallel
CREATE FUNCTION f() RETURNS int PARALLEL safe AS 'x';
--: common_func_opt_item = set
CREATE FUNCTION f() RETURNS int SET search_path = '' AS 'x';
--: common_func_opt_item = reset
CREATE FUNCTION f() RETURNS int RESET search_path AS 'x';
CREATE FUNCTION f() RETURNS int LANGUAGE sql IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1 /* ; */ SET a.b TO ';', 'x' -- ;
  BEGIN ATOMIC SELECT 1; SELECT ';'; END;
