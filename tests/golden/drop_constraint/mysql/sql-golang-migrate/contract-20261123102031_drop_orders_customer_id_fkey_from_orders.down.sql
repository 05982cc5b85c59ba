-- Plan     drop-orders-customer-id-fkey-from-orders · contract · 2 of 2
-- Deploy   when no running code counts on the constraint
-- Up       INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s
-- Down     INPLACE, LOCK=NONE on customers and orders, < 10 ms, waits at most 2 s · lossless until a
--          row breaks orders_customer_id_fkey
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
DO CASE WHEN EXISTS (
    SELECT child.id FROM orders AS child WHERE child.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.customer_id) LIMIT 5
) THEN UUID_TO_BIN('rows of orders point to rows of customers that do not exist') END;
SET SESSION foreign_key_checks = 0;
ALTER TABLE orders
    ADD CONSTRAINT orders_customer_id_fkey
    FOREIGN KEY (customer_id) REFERENCES customers (id), ALGORITHM=INPLACE, LOCK=NONE;
SET SESSION foreign_key_checks = 1;
