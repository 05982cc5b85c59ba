-- Plan     drop-default-of-orders-created-at · contract · 1 of 1
-- Deploy   after the deploy whose code writes orders.created_at itself
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ALTER COLUMN created_at DROP DEFAULT;

COMMIT;
