CREATE TABLE book (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES author,
    title     text NOT NULL,
    published integer NOT NULL CHECK (published BETWEEN 1450 AND 2100)
);
COMMENT ON COLUMN book.title IS 'As printed on the title page';

CREATE INDEX book_title_idx ON book (lower(title));
COMMENT ON INDEX book_title_idx IS 'For the search by title';
