-- Plan     rename-orders-to-purchases · expand · 1 of 1
-- Deploy   before the deploy of the code that uses purchases
-- Up       ACCESS SHARE on orders: reads and writes go on
-- Down     ACCESS EXCLUSIVE on purchases, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
DROP VIEW purchases;

COMMIT;
