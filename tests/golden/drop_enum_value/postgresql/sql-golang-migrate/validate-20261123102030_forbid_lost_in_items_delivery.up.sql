-- Plan     drop-lost-from-delivery · validate · 1 of 2
-- Deploy   when no row holds it any more
-- Up       ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM items WHERE NOT (delivery <> 'lost') LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'items holds rows for which delivery <> ''lost'' does not hold: mend them before ck_items_delivery_not_lost forbids them',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
ALTER TABLE items
    ADD CONSTRAINT ck_items_delivery_not_lost
    CHECK (delivery <> 'lost') NOT VALID;

COMMIT;
