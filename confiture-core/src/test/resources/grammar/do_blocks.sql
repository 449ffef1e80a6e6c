-- Blocks of code
--: dostmt_opt_item = code
DO 'BEGIN NULL; END';
--: dostmt_opt_item = language word
DO LANGUAGE plpgsql $$ BEGIN RAISE NOTICE 'a;b'; END $$;
--: dostmt_opt_item = language string
DO $do$ BEGIN EXECUTE $x$ SELECT 1; $x$; END; $do$ LANGUAGE 'plpgsql';
--: dostmt_opt_list = several
DO LANGUAGE plpgsql LANGUAGE sql 'a;' 'b;';
DO E'BEGIN PERFORM \';\'; END';
DO $$
DECLARE
  a text := 'BEGIN ATOMIC';
BEGIN
  <<l>> FOR i IN 1..2 LOOP CONTINUE l WHEN i = 1; END LOOP;
  IF a = $q$END;$q$ THEN COMMIT; ELSE ROLLBACK; END IF;
EXCEPTION WHEN OTHERS THEN NULL;
END;
$$;
DO U&'BEGIN NULL\003B END' LANGUAGE plpgsql;
DO
-- ;
$a$ $b$ $a1$ $ $a$
/* ; */
;
DO 'BEGIN'
   ' NULL; END';
DO $é$ ; $e$ ; $É$ $é$; DO $_$;$_$;SELECT 1;
