-- Whatever runs: routines of every form, triggers, rules, operators, casts, event triggers.
CREATE SCHEMA code;
CREATE TABLE code.log (at timestamptz DEFAULT now(), what text, who text);
CREATE TABLE code.item (id integer PRIMARY KEY, name text, price numeric);
CREATE TYPE code.pair AS (first integer, second text);

CREATE FUNCTION code.plain() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION code.plain(a text[], b integer DEFAULT 3) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF
    COST 7 AS $$ SELECT a || b::text $$;
CREATE FUNCTION code.plain(a text, b integer DEFAULT 3) RETURNS text LANGUAGE sql STABLE AS $$ SELECT a || b $$;
CREATE FUNCTION code.many(INOUT a integer, OUT b text, VARIADIC c numeric[] DEFAULT '{}') LANGUAGE sql PARALLEL RESTRICTED
    AS $$ SELECT a, c[1]::text $$;
CREATE FUNCTION code.rows_of(lowest integer) RETURNS TABLE (id integer, name text) LANGUAGE sql ROWS 20
    AS $$ SELECT i.id, i.name FROM code.item i WHERE i.id > lowest $$;
CREATE FUNCTION code.items() RETURNS SETOF code.item LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, code SET work_mem = '5MB' AS $$ SELECT * FROM code.item $$;
CREATE FUNCTION code.modern(a integer, b integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT a + b; END;
CREATE FUNCTION code.returning(a integer) RETURNS integer LANGUAGE sql RETURN a * 2;
CREATE FUNCTION code."Mixed Case"("An Argument" code.pair) RETURNS code.pair LANGUAGE sql AS $$ SELECT $1 $$;
CREATE PROCEDURE code.clean(keep interval DEFAULT '1 day') LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM code.log WHERE at < now() - keep;
END
$$;
CREATE PROCEDURE code.count_items(OUT n bigint) LANGUAGE sql AS $$ SELECT count(*) FROM code.item $$;
COMMENT ON FUNCTION code.plain(text[], integer) IS 'On arrays';
COMMENT ON PROCEDURE code.clean(interval) IS 'Every night';

CREATE FUNCTION code.add_price(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce($1, 0) + $2 $$;
CREATE FUNCTION code.take_price(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT $1 - $2 $$;
CREATE FUNCTION code.rounded(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT round($1) $$;
CREATE AGGREGATE code.total(numeric) (SFUNC = code.add_price, STYPE = numeric, FINALFUNC = code.rounded, INITCOND = '0',
    COMBINEFUNC = code.add_price, PARALLEL = SAFE, MSFUNC = code.add_price, MINVFUNC = code.take_price, MSTYPE = numeric);
CREATE AGGREGATE code.middle(double precision ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal,
    FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
COMMENT ON AGGREGATE code.total(numeric) IS 'Rounded';

CREATE FUNCTION code.same_pair(code.pair, code.pair) RETURNS boolean LANGUAGE sql IMMUTABLE
    AS $$ SELECT ($1).first = ($2).first $$;
CREATE FUNCTION code.other_pair(code.pair, code.pair) RETURNS boolean LANGUAGE sql IMMUTABLE
    AS $$ SELECT ($1).first <> ($2).first $$;
CREATE OPERATOR code.=== (LEFTARG = code.pair, RIGHTARG = code.pair, FUNCTION = code.same_pair, COMMUTATOR = OPERATOR(code.===),
    RESTRICT = eqsel, JOIN = eqjoinsel, HASHES);
CREATE OPERATOR code.!== (LEFTARG = code.pair, RIGHTARG = code.pair, FUNCTION = code.other_pair, NEGATOR = OPERATOR(code.===));
COMMENT ON OPERATOR code.=== (code.pair, code.pair) IS 'The first counts';
CREATE FUNCTION code.to_pair(integer) RETURNS code.pair LANGUAGE sql IMMUTABLE AS $$ SELECT ROW($1, '')::code.pair $$;
CREATE CAST (integer AS code.pair) WITH FUNCTION code.to_pair(integer) AS ASSIGNMENT;
COMMENT ON CAST (integer AS code.pair) IS 'With nothing behind it';

CREATE FUNCTION code.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO code.log (what, who) VALUES (TG_OP, TG_ARGV[0]);
    RETURN coalesce(new, old);
END
$$;
CREATE TRIGGER each_row BEFORE INSERT OR UPDATE OF name, price ON code.item FOR EACH ROW
    WHEN (new.price IS NOT NULL) EXECUTE FUNCTION code.note('row');
CREATE TRIGGER each_statement AFTER DELETE ON code.item REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    EXECUTE FUNCTION code.note('statement');
CREATE CONSTRAINT TRIGGER at_the_end AFTER UPDATE ON code.item DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION code.note('end');
CREATE TRIGGER "Sleeps" BEFORE TRUNCATE ON code.item EXECUTE FUNCTION code.note();
ALTER TABLE code.item DISABLE TRIGGER "Sleeps";
ALTER TABLE code.item ENABLE ALWAYS TRIGGER each_statement;
COMMENT ON TRIGGER each_row ON code.item IS 'Notes it';

CREATE RULE never_all AS ON DELETE TO code.log WHERE old.who = 'root' DO INSTEAD NOTHING;
CREATE RULE also AS ON INSERT TO code.item DO ALSO INSERT INTO code.log (what) VALUES (new.name);
ALTER TABLE code.item DISABLE RULE also;
COMMENT ON RULE never_all ON code.log IS 'They stay';

CREATE FUNCTION code.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$;
CREATE EVENT TRIGGER watch_ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') EXECUTE FUNCTION code.on_ddl();
ALTER EVENT TRIGGER watch_ddl DISABLE;
COMMENT ON EVENT TRIGGER watch_ddl IS 'Looks on';
