-- Objects of kinds that the catalog has no fact for.
CREATE SCHEMA uncovered;
CREATE TEXT SEARCH CONFIGURATION uncovered.words (COPY = simple);
CREATE TEXT SEARCH DICTIONARY uncovered.stems (TEMPLATE = simple);
CREATE CONVERSION uncovered.recode FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE OPERATOR FAMILY uncovered.orders USING btree;
CREATE OPERATOR CLASS uncovered.order_of FOR TYPE integer USING btree FAMILY uncovered.orders AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
CREATE TYPE uncovered.shell;
CREATE FOREIGN DATA WRAPPER catalog_wrapper;
CREATE SERVER catalog_server FOREIGN DATA WRAPPER catalog_wrapper;
CREATE USER MAPPING FOR PUBLIC SERVER catalog_server OPTIONS (password 'never shown');
CREATE FOREIGN TABLE uncovered.far (id integer OPTIONS (column_name 'key'), name text NOT NULL)
    SERVER catalog_server OPTIONS (table_name 'near');
CREATE LANGUAGE catalog_language HANDLER plpgsql_call_handler;
CREATE ACCESS METHOD catalog_heap TYPE TABLE HANDLER heap_tableam_handler;
