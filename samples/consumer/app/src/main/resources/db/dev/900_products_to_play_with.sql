-- migrate:up
INSERT INTO product (name) VALUES ('test jam');

-- migrate:down
DELETE FROM product WHERE name = 'test jam';
