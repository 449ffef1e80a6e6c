-- BEGIN, COMMIT and ROLLBACK in literals, comments, names and bodies
CREATE TABLE a ("commit" text DEFAULT 'COMMIT;', rollback text);
INSERT INTO a VALUES ('BEGIN; COMMIT;', 'ROLLBACK'); -- COMMIT;
/* COMMIT; */
CREATE FUNCTION c() RETURNS void LANGUAGE plpgsql AS 'BEGIN
  PERFORM 1;
END;';
INSERT INTO a SELECT
COMMIT FROM (VALUES ('x')) AS t (commit);
