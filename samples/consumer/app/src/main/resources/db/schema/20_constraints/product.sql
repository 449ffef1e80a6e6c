ALTER TABLE product ADD CONSTRAINT product_name_key UNIQUE (name);
