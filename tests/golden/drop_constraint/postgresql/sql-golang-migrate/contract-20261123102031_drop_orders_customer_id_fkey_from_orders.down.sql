-- Plan     drop-orders-customer-id-fkey-from-orders · contract · 2 of 2
-- Deploy   when no running code counts on the constraint
-- Up       ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
-- Down     SHARE ROW EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless until a
--          row breaks orders_customer_id_fkey

BEGIN;

SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT child.id FROM orders AS child WHERE child.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.customer_id) LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'rows of orders point to rows of customers that do not exist',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
LOCK TABLE customers, orders IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE orders
    ADD CONSTRAINT orders_customer_id_fkey
    FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;

COMMIT;
