-- Comments above, within and behind a COPY
CREATE TABLE a (x int);
-- COPY b FROM stdin;
/* COPY c FROM stdin; */ COPY a /* ( */ FROM -- stdin;
stdin; -- rows below; really
1
2
\.
-- done
