-- Who may do what: owners, grants, default privileges, row security, publications. Roles belong to the server, not here.
CREATE SCHEMA guarded AUTHORIZATION catalog_owner;
GRANT USAGE ON SCHEMA guarded TO catalog_reader, "Catalog Writer";
GRANT CREATE ON SCHEMA guarded TO "Catalog Writer" WITH GRANT OPTION;

CREATE TABLE guarded.secret (id integer PRIMARY KEY, tenant text, body text);
ALTER TABLE guarded.secret OWNER TO catalog_owner;
GRANT SELECT ON guarded.secret TO catalog_reader;
GRANT SELECT, INSERT, UPDATE ON guarded.secret TO "Catalog Writer" WITH GRANT OPTION;
GRANT SELECT (tenant), UPDATE (body) ON guarded.secret TO PUBLIC;
ALTER TABLE guarded.secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE guarded.secret FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody ON guarded.secret USING (tenant = current_user);
CREATE POLICY "Writers Only" ON guarded.secret AS RESTRICTIVE FOR INSERT TO "Catalog Writer", catalog_owner
    WITH CHECK (length(body) < 100);
CREATE POLICY change ON guarded.secret FOR UPDATE TO "Catalog Writer" USING (id > 0) WITH CHECK (id > 1);
COMMENT ON POLICY everybody ON guarded.secret IS 'Their own';

CREATE TABLE guarded.frozen (id integer);
ALTER TABLE guarded.frozen OWNER TO catalog_owner;
REVOKE INSERT, UPDATE, DELETE ON guarded.frozen FROM catalog_owner;
CREATE TABLE guarded.full_identity (id integer);
ALTER TABLE guarded.full_identity REPLICA IDENTITY FULL;
CREATE TABLE guarded.no_identity (id integer);
ALTER TABLE guarded.no_identity REPLICA IDENTITY NOTHING;
CREATE TABLE guarded.partitioned (id integer) PARTITION BY RANGE (id);
CREATE TABLE guarded.partitioned_1 PARTITION OF guarded.partitioned FOR VALUES FROM (MINVALUE) TO (10);
GRANT SELECT ON guarded.partitioned TO catalog_reader;

CREATE SEQUENCE guarded.counter;
GRANT USAGE, SELECT ON SEQUENCE guarded.counter TO catalog_reader;
CREATE FUNCTION guarded.reveal() RETURNS text LANGUAGE sql AS 'SELECT 1::text';
REVOKE EXECUTE ON FUNCTION guarded.reveal() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guarded.reveal() TO catalog_reader;
CREATE TYPE guarded.level AS ENUM ('low', 'high');
REVOKE USAGE ON TYPE guarded.level FROM PUBLIC;
CREATE VIEW guarded.opened AS SELECT id FROM guarded.secret;
ALTER VIEW guarded.opened OWNER TO catalog_owner;
GRANT SELECT ON guarded.opened TO PUBLIC;

ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner IN SCHEMA guarded GRANT SELECT ON TABLES TO catalog_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner GRANT USAGE ON SEQUENCES TO "Catalog Writer" WITH GRANT OPTION;

CREATE PUBLICATION some_tables FOR TABLE guarded.secret, guarded.partitioned
    WITH (publish = 'insert, update', publish_via_partition_root = true);
CREATE PUBLICATION all_tables FOR ALL TABLES;
COMMENT ON PUBLICATION some_tables IS 'For the warehouse';

CREATE EXTENSION hstore SCHEMA guarded;
CREATE TABLE guarded.with_extension (h guarded.hstore);
