-- Databases are created and dropped outside of transactions
CREATE TABLE a (x int);
DROP DATABASE IF EXISTS splitter_other;
CREATE DATABASE splitter_other TEMPLATE template0;
COMMENT ON DATABASE splitter_other IS 'soon gone;';
DROP DATABASE splitter_other;
INSERT INTO a VALUES (1);
