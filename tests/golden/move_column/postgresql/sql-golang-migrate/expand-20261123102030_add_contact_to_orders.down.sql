-- Plan     move-customers-email · expand · 1 of 1
-- Deploy   before the deploy of the code that uses orders.contact
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until code writes only
--          orders.contact

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DROP COLUMN contact;

COMMIT;
