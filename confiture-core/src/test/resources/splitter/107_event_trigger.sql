-- An event trigger, and a constraint trigger with transition tables beside it
CREATE TABLE a (x int, y text);
CREATE TABLE log (what text);
CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN INSERT INTO public.log VALUES (tg_tag || ';'); END$$;
CREATE EVENT TRIGGER splitter_note ON ddl_command_end WHEN tag IN ('CREATE VIEW', 'CREATE INDEX') EXECUTE FUNCTION note();
CREATE VIEW v AS SELECT ';' AS x;
CREATE INDEX ON a (x);
DROP EVENT TRIGGER splitter_note;
CREATE FUNCTION sums() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN INSERT INTO log SELECT sum(x) FROM n; RETURN NULL; END;$$;
CREATE TRIGGER a_sums AFTER INSERT ON a REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION sums();
CREATE FUNCTION arg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO log VALUES (tg_argv[0]); RETURN NULL; END;';
CREATE CONSTRAINT TRIGGER a_arg AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.y <> ';') EXECUTE FUNCTION arg(';);');
INSERT INTO a VALUES (1, 'one'), (2, ';');
