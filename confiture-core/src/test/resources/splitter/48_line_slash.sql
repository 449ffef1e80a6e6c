-- A line with a slash alone, which other tools take for a separator
CREATE TABLE a (x int);
INSERT INTO a SELECT 8
/
2;
INSERT INTO a SELECT length('
/
');
