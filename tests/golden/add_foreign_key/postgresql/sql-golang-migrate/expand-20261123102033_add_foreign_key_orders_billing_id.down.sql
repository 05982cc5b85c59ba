-- Plan     add-foreign-key-orders-customers · expand · 2 of 2
-- Deploy   at any time
-- Up       SHARE ROW EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE;
ALTER TABLE orders DROP CONSTRAINT orders_billing_id_fkey;

COMMIT;
