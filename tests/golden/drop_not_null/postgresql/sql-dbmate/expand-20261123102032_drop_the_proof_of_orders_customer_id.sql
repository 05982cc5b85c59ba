-- Plan     no-longer-require-orders-customer-id · expand · 2 of 2
-- Deploy   after the deploy whose code copes with NULL, before any code writes one
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a NULL is written
--          to customer_id

-- migrate:up
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DROP CONSTRAINT orders_customer_id_required;

-- migrate:down
SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM orders WHERE customer_id IS NULL LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'orders.customer_id still holds NULLs: fill them before it becomes required',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
ALTER TABLE orders
    ADD CONSTRAINT orders_customer_id_required
    CHECK (customer_id IS NOT NULL) NOT VALID;
