-- Numbers that end and begin with a dot, next to semicolons
CREATE TABLE e (x numeric DEFAULT 1.e2, y int DEFAULT -1, z numeric DEFAULT .5); INSERT INTO e DEFAULT VALUES;
SELECT 1.;SELECT .1;SELECT 1e1;SELECT 1.5e-3;SELECT 1.,.1;SELECT 1e-1;
INSERT INTO e VALUES (1.e1,2,3.);
