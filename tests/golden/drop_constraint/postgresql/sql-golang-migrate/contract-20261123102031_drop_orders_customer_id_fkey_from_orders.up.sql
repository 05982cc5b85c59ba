-- Plan     drop-orders-customer-id-fkey-from-orders · contract · 2 of 2
-- Deploy   when no running code counts on the constraint
-- Up       ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
-- Down     SHARE ROW EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless until a
--          row breaks orders_customer_id_fkey

BEGIN;

SET LOCAL lock_timeout = '2s';
LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE;
ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;

COMMIT;
