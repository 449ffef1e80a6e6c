CREATE TABLE fine (id int);
SELECT nonsense;
