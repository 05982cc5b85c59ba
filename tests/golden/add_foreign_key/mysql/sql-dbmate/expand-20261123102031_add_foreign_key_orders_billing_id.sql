-- Plan     add-foreign-key-orders-customers · expand · 2 of 2
-- Deploy   at any time
-- Up       INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s
-- Down     INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
SET SESSION foreign_key_checks = 0;
ALTER TABLE orders
    ADD CONSTRAINT orders_billing_id_fkey
    FOREIGN KEY (billing_id) REFERENCES customers (id), ALGORITHM=INPLACE, LOCK=NONE;
SET SESSION foreign_key_checks = 1;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders
    DROP FOREIGN KEY orders_billing_id_fkey, ALGORITHM=INPLACE, LOCK=NONE;
