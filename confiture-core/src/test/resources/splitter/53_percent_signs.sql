-- Percent signs in patterns, formats and operators
CREATE TABLE a (x text);
INSERT INTO a VALUES ('100%'), ('%s'), (format('%I.%L;', 'a b', 'c''d'));
DELETE FROM a WHERE x LIKE '1%\%' ESCAPE '\';
CREATE VIEW v AS SELECT x, 7 % 4 AS rest FROM a WHERE x LIKE '%' OR x ~~* '%S%';
