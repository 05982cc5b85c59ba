-- Plan     change-ck-orders-status-of-orders · validate · 2 of 2
-- Deploy   after expand
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a row breaks the
--          earlier ck_orders_status

BEGIN;

SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM orders WHERE NOT (status_code <> '') LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'orders holds rows for which status_code <> '''' does not hold: mend them before ck_orders_status forbids them',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
ALTER TABLE orders RENAME CONSTRAINT ck_orders_status TO ck_orders_status_new;
ALTER TABLE orders ADD CONSTRAINT ck_orders_status CHECK (status_code <> '') NOT VALID;

COMMIT;
