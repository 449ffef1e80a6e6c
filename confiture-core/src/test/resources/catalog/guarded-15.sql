-- What servers know from version 15 on.
CREATE PUBLICATION chosen FOR TABLE guarded.secret (id, tenant) WHERE (id > 10);
CREATE PUBLICATION by_schema FOR TABLES IN SCHEMA guarded;
CREATE VIEW guarded.of_the_caller WITH (security_invoker = true) AS SELECT id FROM guarded.secret;
CREATE TABLE guarded.nulls_once (a integer UNIQUE NULLS NOT DISTINCT);
