-- confiture: verify=always
CREATE TABLE people (full_name text NOT NULL, first_name text, last_name text);
INSERT INTO people (full_name) VALUES ('Ada Lovelace'), ('Grace Hopper');
UPDATE people SET first_name = split_part(full_name, ' ', 1), last_name = split_part(full_name, ' ', 2);
