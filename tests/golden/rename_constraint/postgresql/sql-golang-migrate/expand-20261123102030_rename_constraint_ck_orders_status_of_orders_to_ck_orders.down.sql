-- Plan     rename-constraint-ck-orders-status-to-ck-orders-status-code · expand · 1 of 1
-- Deploy   at any time; the code that names it belongs to the same deploy
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders RENAME CONSTRAINT ck_orders_status_code TO ck_orders_status;

COMMIT;
