-- COPY of files and queries, in the old syntax; no rows follow
--: CopyStmt = table
--: copy_from = from
--: copy_file_name = file
--: opt_binary = no
--: opt_column_list = none
--: copy_opt_list = none
COPY t FROM 'file;';
--: copy_from = to
--: copy_file_name = stdout
COPY t TO STDOUT;
--: opt_column_list = some
COPY s.t (a, "b;", stdin) FROM '/tmp/x';
--: opt_program = program
COPY t FROM PROGRAM 'cat a; cat b';
COPY t TO PROGRAM 'tee stdin; true';
--: opt_binary = binary
COPY BINARY t TO 'x;';
--: copy_delimiter = using
COPY t TO 'x' USING DELIMITERS ';';
--: copy_delimiter = plain
COPY t TO STDOUT DELIMITERS ';';
--: opt_with = with
COPY t TO 'x' WITH BINARY;
--: copy_opt_item = binary
COPY t TO 'x' BINARY;
--: copy_opt_item = freeze
COPY t FROM 'x' FREEZE;
--: copy_opt_item = delimiter
COPY t TO STDOUT WITH DELIMITER AS ';';
COPY t TO STDOUT DELIMITER ';';
--: copy_opt_item = null
COPY t TO STDOUT NULL AS ';';
COPY t TO STDOUT NULL 'from stdin;';
--: copy_opt_item = csv
--: copy_opt_item = header
COPY t TO STDOUT CSV HEADER;
--: copy_opt_item = quote
--: copy_opt_item = escape
COPY t TO STDOUT CSV QUOTE AS '''' ESCAPE AS E'\'';
COPY t TO STDOUT CSV QUOTE ';' ESCAPE ';';
--: copy_opt_item = force quote columns
COPY t TO STDOUT CSV FORCE QUOTE a, "b;";
--: copy_opt_item = force quote all
COPY t TO STDOUT CSV FORCE QUOTE *;
--: copy_opt_item = force not null columns
COPY t FROM 'x' CSV FORCE NOT NULL a, "from";
--: copy_opt_item = force not null all
COPY t FROM 'x' CSV FORCE NOT NULL *;
--: copy_opt_item = force null columns
COPY t FROM 'x' CSV FORCE NULL a, "stdin";
--: copy_opt_item = force null all
COPY t FROM 'x' CSV FORCE NULL *;
--: copy_opt_item = encoding
COPY t FROM 'x' ENCODING 'UTF8;';
--: where_clause = copy
COPY t FROM 'x' WHERE a > 1 AND b <> ';' AND c = (SELECT 1 FROM stdin);
--: CopyStmt = query
COPY (SELECT 1 AS from, ';' FROM stdin) TO STDOUT;
COPY (VALUES (1), (2)) TO STDOUT WITH CSV;
COPY (INSERT INTO t VALUES (';') RETURNING *) TO 'x';
COPY (UPDATE t SET a = ';' RETURNING a) TO STDOUT;
COPY (DELETE FROM t RETURNING *) TO PROGRAM 'cat;';
COPY (MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE RETURNING *) TO STDOUT;
COPY (WITH w AS (SELECT 1) TABLE w) TO STDOUT (FORMAT csv);
COPY ((SELECT 1) UNION (SELECT 2)) TO STDOUT;
COPY stdin TO STDOUT;
COPY stdout FROM 'stdin';
COPY t(stdin) TO STDOUT;
