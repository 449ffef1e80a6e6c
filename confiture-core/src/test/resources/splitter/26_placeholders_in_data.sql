-- Other tools' placeholders are data
CREATE TABLE a (x text);
INSERT INTO a VALUES ('${name}'), ('#{name}'), (':name'), ('%s %(x)s'), ('{{ name }}'), ('@name@'), ('&name');
INSERT INTO a SELECT '${a}' || x FROM a WHERE x LIKE '${%';
SELECT x::varchar, (ARRAY[1,2,3])[1:2] FROM a;
