-- A DO block that commits
-- confiture: transactional=false
CREATE TABLE a (x int);
DO LANGUAGE plpgsql $$
BEGIN
  INSERT INTO a VALUES (1);
  COMMIT;
  INSERT INTO a VALUES (2);
  ROLLBACK;
END
$$;
INSERT INTO a VALUES (3);
