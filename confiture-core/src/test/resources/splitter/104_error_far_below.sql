-- An unknown column in the fourth line of a statement, behind letters beyond ASCII
CREATE TABLE größe (länge int);
/* 😀 */ INSERT INTO größe
SELECT 1
FROM größe
WHERE 'é€😀' = '' AND breite = 1;
