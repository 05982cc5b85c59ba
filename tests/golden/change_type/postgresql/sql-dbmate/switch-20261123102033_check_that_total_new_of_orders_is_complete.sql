-- Plan     change-type-orders-total · switch · 1 of 2 · data only
-- Deploy   after the deploy that copes with both types; then recycle connections: prepared statements
--          of orders fail until then
-- Up       no lock
-- Down     it only looks: nothing to undo · lossless

-- migrate:up
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM orders WHERE total_new IS DISTINCT FROM total LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'total and total_new of orders still differ: run the backfill to its end first',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;

-- migrate:down
-- it only looks: nothing to undo
