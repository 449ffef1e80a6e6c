CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL, email_digest bytea);
INSERT INTO users (email) VALUES ('ada@example.org'), ('alan@example.org');
