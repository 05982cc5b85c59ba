-- Plan     rename-orders-status-code · validate · 4 of 6
-- Deploy   when the fill is done; then deploy the code that uses only status
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM orders WHERE status IS NULL LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'orders.status still holds NULLs: fill them before it becomes required',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
ALTER TABLE orders
    ADD CONSTRAINT orders_status_required
    CHECK (status IS NOT NULL) NOT VALID;

COMMIT;
