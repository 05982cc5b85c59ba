-- Plan     change-type-orders-total · contract · 2 of 2
-- Deploy   a release later, when every running instance uses orders.total as numeric(14,4)
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until orders.total holds
--          a value that numeric(10,2) cannot hold

BEGIN;

SET LOCAL lock_timeout = '2s';
DROP TRIGGER zz_sync_orders_total_old_total ON orders;
DROP FUNCTION zz_sync_orders_total_old_total();
-- the downgrade fills total_old again from total
ALTER TABLE orders DROP COLUMN total_old;

COMMIT;
