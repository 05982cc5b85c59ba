-- Plan     change-type-orders-total · switch · 2 of 2
-- Deploy   after the deploy that copes with both types; then recycle connections: prepared statements
--          of orders fail until then
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until orders.total holds
--          a value that numeric(10,2) cannot hold
-- File     2 of 2 of this migration

BEGIN;

DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM orders WHERE NOT (abs(total) < 100000000 AND total = round(total, 2)) LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'the way back is closed: orders.total holds values that numeric(10,2) cannot hold',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;

COMMIT;
