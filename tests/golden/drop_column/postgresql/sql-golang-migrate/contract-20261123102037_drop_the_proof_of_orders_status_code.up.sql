-- Plan     drop-orders-status-code · contract · 5 of 9
-- Deploy   a release later
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DROP CONSTRAINT orders_status_code_required;
ALTER TABLE orders ALTER COLUMN status_code DROP DEFAULT;

COMMIT;
