-- confiture: covers=002
INSERT INTO product (name) VALUES ('apricot jam'), ('plum jam');
