-- Bodies full of what could be taken for their end
CREATE TABLE span (start int, "end" int, atomic text);
CREATE FUNCTION crowd(a int) RETURNS SETOF span LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO span VALUES (a, CASE WHEN a > 1 THEN CASE a WHEN 2 THEN 20 END ELSE 0 END, 'END;');
  ;
  WITH w AS (DELETE FROM span WHERE "end" IS NULL RETURNING *)
    INSERT INTO span SELECT start, -1, $END$END;$END$ FROM w; -- END;
  UPDATE span SET atomic = E'\';END;' WHERE start = $1 /* END; */;;
  (SELECT * FROM span) UNION ALL (VALUES (0, 0, ''));
END;
SELECT count(*) FROM crowd(1) AS a, crowd(2) AS b;
CREATE PROCEDURE atomic() LANGUAGE sql BEGIN ATOMIC; INSERT INTO span (start) VALUES (9);; END;CALL atomic();
