-- Plan     drop-orders-customer-id-fkey-from-orders · contract · 2 of 2
-- Deploy   when no running code counts on the constraint
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until a row breaks
--          orders_customer_id_fkey

-- migrate:up
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders DROP FOREIGN KEY orders_customer_id_fkey, ALGORITHM=INSTANT;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
BEGIN NOT ATOMIC
    IF EXISTS (
        SELECT child.id FROM orders AS child WHERE child.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.customer_id) LIMIT 5
    ) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'rows of orders point to rows of customers that do not exist';
    END IF;
END;
SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id), ALGORITHM=INSTANT;
