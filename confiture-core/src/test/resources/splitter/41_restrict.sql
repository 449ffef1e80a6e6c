-- What pg_dump writes for psql since 2025
\restrict 4Kq1GnYgR7yF0kqPAsWJHdZ8mLwE0TtnbuXvI3hCVQoZ

SET statement_timeout = 0;
CREATE TABLE public.a (x int);
COPY public.a (x) FROM stdin;
1
\.


\unrestrict 4Kq1GnYgR7yF0kqPAsWJHdZ8mLwE0TtnbuXvI3hCVQoZ
