CREATE OR REPLACE VIEW user_names AS
SELECT id, split_part(email, '@', 1) AS name FROM users;
