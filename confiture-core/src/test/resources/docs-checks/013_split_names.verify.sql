SELECT count(*) = 0 AS every_name_is_split FROM people WHERE last_name IS NULL;
SELECT first_name || ' ' || last_name = full_name AS nothing_is_lost FROM people;
