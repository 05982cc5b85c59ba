-- Plan     change-orders-customer-id-fkey-of-orders · expand · 1 of 3
-- Deploy   before the deploy of the code that counts on ON DELETE CASCADE
-- Up       SHARE ROW EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET LOCAL lock_timeout = '2s';
LOCK TABLE customers, orders IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE orders
    ADD CONSTRAINT orders_customer_id_fkey_new
    FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE NOT VALID;

-- migrate:down
SET LOCAL lock_timeout = '2s';
LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE;
ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey_new;
