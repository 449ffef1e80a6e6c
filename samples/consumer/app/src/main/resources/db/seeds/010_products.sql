INSERT INTO product (name) VALUES ('apricot jam'), ('plum jam');
