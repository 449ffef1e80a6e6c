-- Settings that a function brings along
--: set_rest_more = to list
CREATE FUNCTION f() RETURNS int SET search_path TO a, "b;", ';' AS 'x';
--: set_rest_more = equals list
CREATE FUNCTION f() RETURNS int SET work_mem = -1 AS 'x';
--: set_rest_more = to default
CREATE FUNCTION f() RETURNS int SET work_mem TO DEFAULT AS 'x';
--: set_rest_more = equals default
CREATE FUNCTION f() RETURNS int SET work_mem = DEFAULT AS 'x';
--: set_rest_more = from current
CREATE FUNCTION f() RETURNS int SET work_mem FROM CURRENT BEGIN ATOMIC SELECT 1; END;
--: set_rest_more = time zone
CREATE FUNCTION f() RETURNS int SET TIME ZONE INTERVAL '1:30;' HOUR TO MINUTE AS 'x';
CREATE FUNCTION f() RETURNS int SET TIME ZONE LOCAL BEGIN ATOMIC END;
--: set_rest_more = schema
CREATE FUNCTION f() RETURNS int SET SCHEMA 'begin;' AS 'x';
--: set_rest_more = names
CREATE FUNCTION f() RETURNS int SET NAMES 'UTF8' AS 'x';
--: set_rest_more = role
CREATE FUNCTION f() RETURNS int SET ROLE begin BEGIN ATOMIC SELECT 1; END;
--: set_rest_more = session authorization
CREATE FUNCTION f() RETURNS int SET SESSION AUTHORIZATION 'a;' AS 'x';
--: set_rest_more = session authorization default
CREATE FUNCTION f() RETURNS int SET SESSION AUTHORIZATION DEFAULT AS 'x';
--: set_rest_more = xml option
CREATE FUNCTION f() RETURNS int SET XML OPTION DOCUMENT AS 'x';
--: set_rest_more = transaction snapshot
CREATE FUNCTION f() RETURNS int SET TRANSACTION SNAPSHOT '0-1;' AS 'x';
--: reset_rest = one
CREATE FUNCTION f() RETURNS int RESET work_mem AS 'x';
--: reset_rest = all
CREATE FUNCTION f() RETURNS int RESET ALL BEGIN ATOMIC SELECT 1; END;
--: reset_rest = time zone
CREATE FUNCTION f() RETURNS int RESET TIME ZONE AS 'x';
--: reset_rest = transaction isolation level
CREATE FUNCTION f() RETURNS int RESET TRANSACTION ISOLATION LEVEL AS 'x';
--: reset_rest = session authorization
CREATE FUNCTION f() RETURNS int RESET SESSION AUTHORIZATION AS 'x';
CREATE FUNCTION f() RETURNS int SET atomic TO begin BEGIN ATOMIC SELECT 1; END;
CREATE FUNCTION f() RETURNS int SET a.begin TO atomic AS ';';
SELECT 'after;';
