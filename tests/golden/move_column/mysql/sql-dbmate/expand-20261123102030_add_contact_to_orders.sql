-- Plan     move-customers-email · expand · 1 of 1
-- Deploy   before the deploy of the code that uses orders.contact
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until code writes only
--          orders.contact

-- migrate:up
SET SESSION lock_wait_timeout = 2;
DO CASE WHEN EXISTS (
    SELECT customers.id FROM customers WHERE customers.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders WHERE customers.id = orders.customer_id) LIMIT 5
) THEN UUID_TO_BIN('customers holds rows with a value in email and without a row of orders, where it would be lost: add these rows first, or clea…') END;
ALTER TABLE orders ADD COLUMN contact varchar(200) NULL DEFAULT NULL, ALGORITHM=INSTANT;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders DROP COLUMN contact, ALGORITHM=INSTANT;
