-- Plan     change-ck-orders-status-of-orders · validate · 2 of 2
-- Deploy   after expand
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a row breaks the
--          earlier ck_orders_status

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DROP CONSTRAINT ck_orders_status;
ALTER TABLE orders RENAME CONSTRAINT ck_orders_status_new TO ck_orders_status;

COMMIT;
