-- Plan     rename-orders-status-code · expand · 1 of 2
-- Deploy   before the deploy of the code that uses status
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DROP COLUMN status;

COMMIT;
