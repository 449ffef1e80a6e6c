CREATE SCHEMA elsewhere;
SET search_path = elsewhere;
SET statement_timeout = '1min';
GRANT ALL ON SCHEMA elsewhere TO pg_read_all_data;
SET ROLE pg_read_all_data;
CREATE TABLE mine (id int);
