-- Rules with empty actions, conditions and semicolons everywhere
CREATE TABLE a (x int);
CREATE TABLE log (what text);
CREATE VIEW v AS SELECT x FROM a;
CREATE RULE v_insert AS ON INSERT TO v DO INSTEAD (;
  INSERT INTO a VALUES (new.x);; /* ); */
  INSERT INTO log VALUES (');' || (new.x)::text);
  NOTIFY changed, ');';);
CREATE RULE v_update AS ON UPDATE TO v WHERE old.x <> new.x DO ALSO (INSERT INTO log SELECT $$u;)$$ WHERE (1 IN (1, 2)));
CREATE RULE v_never AS ON UPDATE TO v DO INSTEAD NOTHING;
CREATE OR REPLACE RULE a_delete AS ON DELETE TO a DO ALSO ((SELECT 1); ((SELECT (2))); DELETE FROM log;);
INSERT INTO v VALUES (1), (2); UPDATE v SET x = 3; DELETE FROM a WHERE x = 9;
