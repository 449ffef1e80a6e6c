-- Subscriptions are shared objects
CREATE TABLE a (x int);
CREATE SUBSCRIPTION splitter_s CONNECTION 'dbname=none;' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false);
DROP SUBSCRIPTION splitter_s;
CREATE PUBLICATION pub FOR TABLE a WITH (publish = 'insert, delete');
