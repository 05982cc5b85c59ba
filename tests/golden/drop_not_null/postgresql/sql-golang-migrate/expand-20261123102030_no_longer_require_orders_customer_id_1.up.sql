-- Plan     no-longer-require-orders-customer-id · expand · 1 of 2
-- Deploy   after the deploy whose code copes with NULL, before any code writes one
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on;
--          then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a NULL is
--          written to customer_id
-- File     1 of 2 of this migration

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders
    ADD CONSTRAINT orders_customer_id_required
    CHECK (customer_id IS NOT NULL) NOT VALID;
ALTER TABLE orders ALTER COLUMN customer_id DROP NOT NULL;

COMMIT;
