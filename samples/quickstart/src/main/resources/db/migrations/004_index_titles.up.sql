-- The index is built while the application's older instances go on writing. It cannot be part of a transaction; the
-- statements around it can.
COMMENT ON COLUMN book.title IS 'As printed on the title page';
CREATE INDEX CONCURRENTLY book_title_idx ON book (lower(title));
COMMENT ON INDEX book_title_idx IS 'For the search by title';
