-- Plan     drop-orders-status-code · contract · 5 of 9
-- Deploy   a release later
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ALTER COLUMN status_code SET DEFAULT 'new'::character varying;
ALTER TABLE orders
    ADD CONSTRAINT orders_status_code_required
    CHECK (status_code IS NOT NULL) NOT VALID;

COMMIT;
