-- confiture: transactional=false
CREATE PROCEDURE backfill_status() LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orders SET status = 'archived' WHERE placed_at < '2020-01-01';
    COMMIT;
    UPDATE orders SET status = 'closed' WHERE placed_at < '2025-01-01' AND status = 'open';
    COMMIT;
END $$;
CALL backfill_status();
DROP PROCEDURE backfill_status();
