CREATE TABLE by_script (id int);
