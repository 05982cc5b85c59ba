-- Plan     rename-orders-status-code · expand · 1 of 2
-- Deploy   before the deploy of the code that uses status
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
-- every value stands in status_code too
ALTER TABLE orders ADD COLUMN status varchar(20);

COMMIT;
