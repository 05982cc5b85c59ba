-- Plan     add-check-ck-orders-total-to-orders · expand · 1 of 1
-- Deploy   after the deploy whose code writes only rows with total >= 0
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM orders WHERE NOT (total >= 0) LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'orders holds rows for which total >= 0 does not hold: mend them before ck_orders_total forbids them',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
ALTER TABLE orders ADD CONSTRAINT ck_orders_total CHECK (total >= 0) NOT VALID;

COMMIT;
