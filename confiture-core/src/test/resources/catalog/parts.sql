-- Partitions and inheritance.
CREATE SCHEMA parts;

CREATE TABLE parts.account (id integer PRIMARY KEY);
CREATE TABLE parts.measure (
    id bigint NOT NULL,
    region text NOT NULL,
    taken date NOT NULL,
    account integer REFERENCES parts.account,
    value double precision DEFAULT 0 CHECK (value >= 0)
) PARTITION BY LIST (region);
ALTER TABLE parts.measure ADD PRIMARY KEY (region, taken, id);
CREATE INDEX measure_taken ON parts.measure (taken);

CREATE TABLE parts.measure_north PARTITION OF parts.measure FOR VALUES IN ('north', 'arctic');
CREATE TABLE parts.measure_south PARTITION OF parts.measure FOR VALUES IN ('south') PARTITION BY RANGE (taken);
CREATE TABLE parts.measure_south_2025 PARTITION OF parts.measure_south FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE parts.measure_south_rest PARTITION OF parts.measure_south DEFAULT;
CREATE TABLE parts.measure_rest PARTITION OF parts.measure DEFAULT;
ALTER TABLE parts.measure_north ALTER COLUMN value SET DEFAULT 1;
CREATE INDEX measure_north_value ON parts.measure_north (value);

CREATE TABLE parts.late (taken date NOT NULL, account integer, id bigint NOT NULL, region text NOT NULL,
    value double precision DEFAULT 0 CONSTRAINT measure_value_check CHECK (value >= 0));
ALTER TABLE parts.late ADD CONSTRAINT late_account FOREIGN KEY (account) REFERENCES parts.account;
ALTER TABLE parts.measure ATTACH PARTITION parts.late FOR VALUES IN ('late');

CREATE TABLE parts.hashed (id integer, body text, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE parts.hashed_0 PARTITION OF parts.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts.hashed_1 PARTITION OF parts.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1) WITH (fillfactor = 60);
CREATE TABLE parts.of_expression (id integer, at timestamp) PARTITION BY RANGE ((date_trunc('month', at)), id);
CREATE TABLE parts.refers (hashed_id integer REFERENCES parts.hashed ON DELETE CASCADE);

CREATE TABLE parts.half (id integer) PARTITION BY RANGE (id);
CREATE TABLE parts.half_1 PARTITION OF parts.half FOR VALUES FROM (0) TO (10);
CREATE INDEX unfinished ON ONLY parts.half (id);

CREATE FUNCTION parts.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER touched BEFORE INSERT ON parts.measure FOR EACH ROW EXECUTE FUNCTION parts.touch();
ALTER TABLE parts.measure_north DISABLE TRIGGER touched;

CREATE TABLE parts.vehicle (id integer NOT NULL, wheels integer DEFAULT 4 CHECK (wheels > 0), maker text);
CREATE TABLE parts.owned (owner text, maker text);
CREATE TABLE parts.car (doors integer, maker text DEFAULT 'unknown') INHERITS (parts.vehicle, parts.owned);
CREATE TABLE parts.truck () INHERITS (parts.vehicle);
ALTER TABLE parts.truck ADD CHECK (wheels > 5);

DO $$
BEGIN
    FOR year IN 2027..2029 LOOP
        EXECUTE format('CREATE TABLE parts.measure_south_%s PARTITION OF parts.measure_south'
            ' FOR VALUES FROM (%L) TO (%L)', year, year || '-01-01', year + 1 || '-01-01');
    END LOOP;
END $$;
