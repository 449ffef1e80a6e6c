-- A line with the word go, which other tools take for a separator
CREATE TABLE a (
go
text,
"GO" text
);
INSERT INTO a (
go
) VALUES ('
go
');
