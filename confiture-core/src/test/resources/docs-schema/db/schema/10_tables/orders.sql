CREATE TABLE orders (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state order_state NOT NULL DEFAULT 'open'
);
