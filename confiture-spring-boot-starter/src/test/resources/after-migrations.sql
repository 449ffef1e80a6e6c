INSERT INTO people (name) VALUES ('Barbara');
