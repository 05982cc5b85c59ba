-- Plan     rename-orders-status-code · contract · 4 of 5 · data only
-- Deploy   a release later, when every running instance uses only status
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless

BEGIN;

DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM orders WHERE status IS DISTINCT FROM status_code LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'status_code and status of orders still differ: run the backfill to its end first',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;

COMMIT;
