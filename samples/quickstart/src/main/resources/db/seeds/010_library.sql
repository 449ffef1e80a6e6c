COPY author (name) FROM stdin;
Mary Shelley
Jules Verne
Ada Lovelace
\.

INSERT INTO book (author_id, title, published)
SELECT a.id, b.title, b.published
FROM (VALUES
        ('Mary Shelley', 'Frankenstein; or, The Modern Prometheus', 1818),
        ('Ada Lovelace', 'Notes on the Analytical Engine', 1843),
        ('Jules Verne', 'Vingt mille lieues sous les mers', 1870))
    AS b (author, title, published)
JOIN author a ON a.name = b.author;
