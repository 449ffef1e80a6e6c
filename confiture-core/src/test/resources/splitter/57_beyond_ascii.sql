-- Letters beyond ASCII in names, tags and data
CREATE TABLE größe (länge int, 名前 text, "😀;" text);
INSERT INTO größe VALUES (1, '日本語;', '😀'), (2, $größe$;$größe$, U&'\+01F600');
CREATE FUNCTION naïve() RETURNS text LANGUAGE sql AS $corps_é$ SELECT 'é;' $corps_é$;
INSERT INTO größe SELECT 3, naïve(), 'non-breaking:' || chr(160);
