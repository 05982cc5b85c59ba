-- Plan     drop-orders-status-code · contract · 3 of 7
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD CONSTRAINT ck_orders_status CHECK (status_code <> '') NOT VALID;

COMMIT;
