-- migrate:up
INSERT INTO product (name) VALUES ('apricot jam'), ('plum jam');

-- migrate:down
DELETE FROM product WHERE name IN ('apricot jam', 'plum jam');
