ALTER TABLE product ADD COLUMN price -- of which type?
