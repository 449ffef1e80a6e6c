-- Bodies full of semicolons, CASE, LOOP and nested blocks
CREATE TABLE a (x int, y text);
DO $do$
DECLARE
  r record;
  c CURSOR FOR SELECT generate_series(1, 3) AS i;
BEGIN
  FOR r IN c LOOP
    CASE r.i
      WHEN 1 THEN INSERT INTO a VALUES (r.i, $$one;$$);
      ELSE
        BEGIN
          EXECUTE format($f$INSERT INTO a VALUES (%s, 'end;')$f$, r.i);
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END CASE;
  END LOOP;
END
$do$;
