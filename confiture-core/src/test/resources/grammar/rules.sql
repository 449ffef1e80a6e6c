-- Rules and their actions
--: RuleStmt = rule
--: event = insert
--: RuleActionList = nothing
--: opt_instead = none
--: where_clause = none
CREATE RULE r AS ON INSERT TO t DO NOTHING;
--: event = select
--: opt_instead = instead
--: RuleActionList = statement
--: RuleActionStmt = select
CREATE OR REPLACE RULE "_RETURN" AS ON SELECT TO v DO INSTEAD SELECT 1, ';';
--: event = update
--: opt_instead = also
--: where_clause = some
--: RuleActionStmt = insert
CREATE RULE r AS ON UPDATE TO s.t WHERE (old.x <> new.x AND ';' <> '(') DO ALSO INSERT INTO u VALUES (';');
--: event = delete
--: RuleActionStmt = update
CREATE RULE r AS ON DELETE TO t DO UPDATE u SET x = 1;
--: RuleActionStmt = delete
CREATE RULE r AS ON DELETE TO t DO ALSO DELETE FROM u WHERE u.x = old.x;
--: RuleActionStmt = notify
--: notify_payload = none
CREATE RULE r AS ON DELETE TO t DO NOTIFY channel;
--: notify_payload = some
CREATE RULE r AS ON DELETE TO t DO NOTIFY "channel;", 'pay;load';
--: RuleActionList = parentheses
--: RuleActionMulti = one
CREATE RULE r AS ON INSERT TO t DO INSTEAD (DELETE FROM u);
--: RuleActionMulti = several
CREATE RULE r AS ON INSERT TO t DO ALSO (
  INSERT INTO u VALUES (new.x, ')');
  UPDATE u SET x = (SELECT (1)); -- );
  /* ); */ DELETE FROM u;
  NOTIFY channel, ');';
  SELECT $$);$$
);
--: RuleActionMulti = nothing among them
CREATE RULE r AS ON INSERT TO t DO ALSO (;; SELECT 1; ; SELECT 2;);
CREATE RULE r AS ON INSERT TO t DO ();
CREATE RULE r AS ON INSERT TO t DO (;);
CREATE RULE "create rule;" AS ON INSERT TO "t(" DO INSTEAD (SELECT 1; SELECT ")" FROM u); SELECT 'after';
CREATE RULE r AS ON INSERT TO t DO ALSO ((SELECT 1) UNION (SELECT 2); WITH w AS (SELECT ';') INSERT INTO u SELECT * FROM w);
SELECT 1
