-- Fails in its second statement.
INSERT INTO things VALUES (1);
INSERT INTO things
    VALUES (1);
