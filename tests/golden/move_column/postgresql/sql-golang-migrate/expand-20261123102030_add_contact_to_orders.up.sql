-- Plan     move-customers-email · expand · 1 of 1
-- Deploy   before the deploy of the code that uses orders.contact
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until code writes only
--          orders.contact

BEGIN;

SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT customers.id FROM customers WHERE customers.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders WHERE customers.id = orders.customer_id) LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'customers holds rows with a value in email and without a row of orders, where it would be lost: add these rows first, or clear the value',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
ALTER TABLE orders ADD COLUMN contact text;

COMMIT;
