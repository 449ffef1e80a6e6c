-- Orders are looked up by day. Built without blocking writers, on a table that others use for long.
-- confiture: lock-timeout=30s statement-timeout=1h
CREATE INDEX CONCURRENTLY orders_placed_at ON orders (placed_at);
COMMENT ON INDEX orders_placed_at IS 'For the daily report';
