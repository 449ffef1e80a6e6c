CREATE TABLE book (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES author,
    title     text NOT NULL,
    published integer NOT NULL CHECK (published BETWEEN 1450 AND 2100)
);
