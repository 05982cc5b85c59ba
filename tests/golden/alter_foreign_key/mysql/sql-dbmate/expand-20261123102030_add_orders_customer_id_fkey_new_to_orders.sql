-- Plan     change-orders-customer-id-fkey-of-orders · expand · 1 of 3
-- Deploy   before the deploy of the code that counts on ON DELETE CASCADE
-- Up       INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s
-- Down     INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
SET SESSION foreign_key_checks = 0;
ALTER TABLE orders
    ADD CONSTRAINT orders_customer_id_fkey_new
    FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE, ALGORITHM=INPLACE, LOCK=NONE;
SET SESSION foreign_key_checks = 1;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders
    DROP FOREIGN KEY orders_customer_id_fkey_new, ALGORITHM=INPLACE, LOCK=NONE;
