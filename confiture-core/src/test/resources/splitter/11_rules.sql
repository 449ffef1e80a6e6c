-- A rule with several actions in parentheses
CREATE TABLE a (x int);
CREATE TABLE b (x int);
CREATE TABLE c (x int);
CREATE RULE spread AS ON INSERT TO a DO ALSO (
  INSERT INTO b VALUES (new.x);
  INSERT INTO c VALUES (new.x + (1 - 1)); -- ;)
);
INSERT INTO a VALUES (1);
CREATE RULE quiet AS ON DELETE TO a DO INSTEAD NOTHING;
DELETE FROM a;
