-- The END of a CASE does not end the body
CREATE FUNCTION sign_name(v int) RETURNS text LANGUAGE sql
BEGIN ATOMIC
  SELECT CASE WHEN v > 0 THEN 'plus; END' ELSE CASE v WHEN 0 THEN 'zero' ELSE 'minus' END END;
  SELECT CASE
    WHEN v > 0 THEN CASE WHEN v > 10 THEN CASE v WHEN 11 THEN 'eleven' END ELSE 'plus' END
    ELSE 'other' END;
END;
CREATE TABLE a AS SELECT sign_name(v) AS x FROM generate_series(-1, 11) AS v;
