-- COPY with options in parentheses; no rows follow
--: copy_options = parentheses
--: copy_generic_opt_list = one
--: copy_generic_opt_arg = word
COPY t TO STDOUT (FORMAT csv);
--: copy_generic_opt_list = several
--: copy_generic_opt_arg = none
--: copy_generic_opt_arg = string
COPY t TO STDOUT WITH (FORMAT 'csv', HEADER, DELIMITER ';', NULL $$;$$, QUOTE '''', ESCAPE E'\'');
--: copy_generic_opt_arg = true
--: copy_generic_opt_arg = false
--: copy_generic_opt_arg = on
COPY t FROM 'x' (HEADER true, FREEZE false, "force;" on);
--: copy_generic_opt_arg = number
COPY t FROM 'x' (a 1, b -2, c +3.5, reject_limit 1_000);
--: copy_generic_opt_arg = star
COPY t TO STDOUT (FORMAT csv, FORCE_QUOTE *);
--: copy_generic_opt_arg = list
COPY t FROM 'x' (FORMAT csv, FORCE_NOT_NULL (a, "b;"), FORCE_NULL (true, 'from;', on));
COPY t FROM 'x;' (FORMAT text, DEFAULT ';', ON_ERROR ignore, LOG_VERBOSITY verbose, ENCODING 'utf8') WHERE a = ';';
COPY t FROM PROGRAM 'true;' WITH (select, from stdin, to stdout);
--: copy_generic_opt_arg = default
COPY t FROM 'x' (a default);
COPY (SELECT ';') TO STDOUT WITH (FORMAT text, HEADER false);
COPY "from" TO STDOUT (null 'stdin;');
SELECT 'after';
