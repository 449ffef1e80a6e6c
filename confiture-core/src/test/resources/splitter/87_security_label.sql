-- A label without a provider, which the server refuses
CREATE TABLE a (x int);
SECURITY LABEL ON TABLE a IS 'system_u;object_r';
