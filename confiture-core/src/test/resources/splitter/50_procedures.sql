-- Procedures in several languages and quotings
CREATE TABLE a (x text);
CREATE PROCEDURE one(IN v text) LANGUAGE sql AS $$ INSERT INTO a VALUES (v); INSERT INTO a VALUES (v || ';'); $$;
CREATE PROCEDURE two(INOUT v text) LANGUAGE plpgsql AS '
BEGIN
  INSERT INTO a VALUES (v || '';'');
  v := ''done'';
END';
CREATE OR REPLACE PROCEDURE three() LANGUAGE sql BEGIN ATOMIC INSERT INTO a VALUES ('three'); END;
CALL one('1');
CALL two('2');
CALL three();
