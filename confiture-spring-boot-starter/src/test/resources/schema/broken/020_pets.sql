CREATE TABLE pets (owner_id bigint REFERENCES nobody (id));
