-- Triggers of every form
--: CreateTrigStmt = trigger
--: TriggerActionTime = before
--: TriggerEvents = one
--: TriggerOneEvent = insert
--: TriggerForSpec = each row
--: FUNCTION_or_PROCEDURE = function
--: TriggerFuncArgs = none
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
--: TriggerActionTime = after
--: TriggerOneEvent = delete
--: TriggerForSpec = statement
--: FUNCTION_or_PROCEDURE = procedure
CREATE OR REPLACE TRIGGER g AFTER DELETE ON s.t FOR STATEMENT EXECUTE PROCEDURE s.f();
--: TriggerActionTime = instead of
--: TriggerOneEvent = update
CREATE TRIGGER g INSTEAD OF UPDATE ON v FOR ROW EXECUTE FUNCTION f();
--: TriggerOneEvent = update of
--: TriggerEvents = several
CREATE TRIGGER g BEFORE INSERT OR UPDATE OF a, "b;" OR DELETE ON t EXECUTE FUNCTION f();
--: TriggerOneEvent = truncate
--: TriggerForSpec = none
CREATE TRIGGER g AFTER TRUNCATE ON t EXECUTE FUNCTION f();
--: TriggerReferencing = table
--: TriggerTransition = with as
CREATE TRIGGER g AFTER UPDATE ON t REFERENCING OLD TABLE AS "old;" NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION f();
--: TriggerReferencing = row
--: TriggerTransition = without as
CREATE TRIGGER g AFTER UPDATE ON t REFERENCING NEW ROW begin OLD ROW atomic FOR EACH STATEMENT EXECUTE FUNCTION f();
--: TriggerWhen = some
CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.* AND ';' <> ')') EXECUTE FUNCTION f();
--: TriggerWhen = none
CREATE TRIGGER "begin atomic;" BEFORE UPDATE ON t EXECUTE FUNCTION f();
--: TriggerFuncArgs = one
--: TriggerFuncArg = integer
CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f(1);
--: TriggerFuncArgs = several
--: TriggerFuncArg = decimal
--: TriggerFuncArg = string
--: TriggerFuncArg = word
CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f(0x1F, 1.5e-3, 'a;b', E'\';', begin, select, "a;");
--: CreateTrigStmt = constraint trigger
--: OptConstrFromTable = none
--: ConstraintAttributeElem = none
CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
--: OptConstrFromTable = some
--: ConstraintAttributeElem = not deferrable
CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t FROM s.u NOT DEFERRABLE FOR EACH ROW EXECUTE PROCEDURE f();
--: ConstraintAttributeElem = deferrable
--: ConstraintAttributeElem = initially deferred
CREATE CONSTRAINT TRIGGER g AFTER INSERT OR UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f();
--: ConstraintAttributeElem = initially immediate
CREATE CONSTRAINT TRIGGER g AFTER DELETE ON t DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (true) EXECUTE FUNCTION f(';');
--: CreateEventTrigStmt = always
CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f();
--: CreateEventTrigStmt = when
CREATE EVENT TRIGGER e ON "sql;drop" WHEN tag IN ('CREATE FUNCTION;', 'DROP') AND x IN (';') EXECUTE PROCEDURE s.f();
CREATE SCHEMA s CREATE TABLE t (x int) CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f(';') CREATE VIEW v AS SELECT ';' GRANT SELECT ON v TO PUBLIC;
