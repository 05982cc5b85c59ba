-- Plan     drop-orders-status-code · contract · 6 of 7 · data only
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless

BEGIN;

DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT source.id FROM orders AS source LEFT JOIN orders_status_code_archive AS kept ON kept.id = source.id WHERE source.status_code IS DISTINCT FROM (CASE WHEN kept.id IS NULL THEN 'new'::character varying ELSE kept.status_code END) LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'orders_status_code_archive does not hold every value of orders.status_code: something still writes the column',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;

COMMIT;
