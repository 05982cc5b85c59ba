-- Plan     change-orders-customer-id-fkey-of-orders · expand · 3 of 3
-- Deploy   before the deploy of the code that counts on ON DELETE CASCADE
-- Up       ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE;
ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;
ALTER TABLE orders
    RENAME CONSTRAINT orders_customer_id_fkey_new TO orders_customer_id_fkey;

COMMIT;
