-- Plan     no-longer-require-orders-customer-id · expand · 2 of 2
-- Deploy   after the deploy whose code copes with NULL, before any code writes one
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a NULL is written
--          to customer_id

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DROP CONSTRAINT orders_customer_id_required;

COMMIT;
