COPY orders (state) FROM stdin;
open
paid
\.
