-- Windows line ends; everywhere
SELECT 1;
SELECT E'a'
  '\';' -- ;
;
CREATE FUNCTION f() RETURNS int BEGIN ATOMIC
  SELECT 1;
END;
DO $$
BEGIN;
$$;
COPY t FROM stdin; -- rows
1
\.
SELECT 2;
