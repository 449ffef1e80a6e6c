-- Quoted names with quotes, semicolons, comment signs and dollars
CREATE SCHEMA "Sch;ema";
CREATE TABLE "Sch;ema"."T""a;ble--" ("a;b" int, "/* c" text, "d'e" text, "f$$g" text, "$x" int, "E" text, "\" text);
INSERT INTO "Sch;ema"."T""a;ble--" ("a;b", "/* c", "\") VALUES (1, '*/', '\');
CREATE DOMAIN "E" AS text;
CREATE VIEW "v" AS SELECT "E"'x\' AS "select", "a;b" FROM "Sch;ema"."T""a;ble--";
