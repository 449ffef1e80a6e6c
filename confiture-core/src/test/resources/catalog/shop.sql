-- Tables of an ordinary application: every form of column, constraint and index.
CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'What is sold';

CREATE SEQUENCE shop.invoice_number AS integer START 1000 INCREMENT 5 MINVALUE 10 MAXVALUE 900000 CACHE 20 CYCLE;
COMMENT ON SEQUENCE shop.invoice_number IS 'Never goes back';

CREATE TABLE shop.customer (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 2),
    email varchar(120) COLLATE "C" NOT NULL,
    name text DEFAULT 'nobody' NOT NULL,
    born date CHECK (born > '1900-01-01'),
    tags text[] DEFAULT '{}'::text[],
    balance numeric(12, 2) DEFAULT 0,
    since timestamptz DEFAULT now(),
    notes text,
    initials text GENERATED ALWAYS AS (upper(left(name, 1))) STORED,
    CONSTRAINT customer_pk PRIMARY KEY (id),
    CONSTRAINT customer_email_once UNIQUE (email) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT customer_balance CHECK (balance > -100) NO INHERIT
);
ALTER TABLE shop.customer ALTER COLUMN notes SET STORAGE EXTERNAL;
ALTER TABLE shop.customer ALTER COLUMN name SET COMPRESSION pglz;
ALTER TABLE shop.customer ALTER COLUMN email SET STATISTICS 250;
ALTER TABLE shop.customer ALTER COLUMN email SET (n_distinct = -0.5);
ALTER TABLE shop.customer SET (fillfactor = 80, autovacuum_enabled = false, toast.autovacuum_enabled = false);
COMMENT ON TABLE shop.customer IS 'Who buys';
COMMENT ON COLUMN shop.customer.email IS 'It''s unique';
COMMENT ON CONSTRAINT customer_pk ON shop.customer IS 'The key';

CREATE TABLE shop."Order" (
    "Id" serial PRIMARY KEY,
    customer_id bigint NOT NULL,
    "Placed At" timestamp without time zone DEFAULT CURRENT_TIMESTAMP,
    number integer DEFAULT nextval('shop.invoice_number'),
    span int4range,
    state char(1) DEFAULT 'N',
    parent integer REFERENCES shop."Order" ("Id") ON DELETE SET NULL,
    CONSTRAINT "Order_Customer" FOREIGN KEY (customer_id) REFERENCES shop.customer (id)
        ON UPDATE CASCADE ON DELETE RESTRICT DEFERRABLE,
    CONSTRAINT order_spans EXCLUDE USING gist (span WITH &&)
);
ALTER TABLE shop."Order" ADD CONSTRAINT order_state CHECK (state IN ('N', 'P', 'D')) NOT VALID;
ALTER SEQUENCE shop.invoice_number OWNED BY shop."Order".number;
COMMENT ON COLUMN shop."Order"."Placed At" IS 'Local time';

CREATE UNLOGGED TABLE shop.cart (session_id uuid PRIMARY KEY, content jsonb);
CREATE TABLE shop.order_line (
    order_id integer NOT NULL REFERENCES shop."Order" ("Id") ON DELETE CASCADE,
    line smallint NOT NULL,
    article text,
    price money DEFAULT 1.50,
    PRIMARY KEY (order_id, line) INCLUDE (article)
);
ALTER TABLE shop.order_line CLUSTER ON order_line_pkey;

CREATE INDEX customer_name ON shop.customer (lower(name) text_pattern_ops, born DESC NULLS LAST) INCLUDE (balance)
    WITH (fillfactor = 70) WHERE balance > 0;
ALTER INDEX shop.customer_name ALTER COLUMN 1 SET STATISTICS 300;
CREATE UNIQUE INDEX order_number ON shop."Order" (number);
CREATE INDEX customer_tags ON shop.customer USING gin (tags);
CREATE INDEX order_placed ON shop."Order" USING brin ("Placed At") WITH (pages_per_range = 16);
CREATE INDEX cart_content ON shop.cart USING gin (content jsonb_path_ops);
CREATE UNIQUE INDEX line_article ON shop.order_line (article, order_id);
ALTER TABLE shop.order_line ALTER COLUMN article SET NOT NULL;
ALTER TABLE shop.order_line REPLICA IDENTITY USING INDEX line_article;
COMMENT ON INDEX shop.customer_name IS 'For the search';

CREATE STATISTICS shop.customer_stats (dependencies, mcv) ON name, email FROM shop.customer;
CREATE STATISTICS shop.customer_expression ON (lower(email)), born FROM shop.customer;
ALTER STATISTICS shop.customer_stats SET STATISTICS 500;
COMMENT ON STATISTICS shop.customer_stats IS 'They go together';
