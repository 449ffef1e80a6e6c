-- A new enum value cannot be used in the transaction that adds it; psql runs each statement in its own
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE a (m mood);
VACUUM;
ALTER TYPE mood ADD VALUE 'happy';
INSERT INTO a VALUES ('happy');
