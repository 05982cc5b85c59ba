-- Plan     make-visits-id-the-primary-key · expand · 1 of 4
-- Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
-- Up       ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT 1 FROM visits WHERE id IS NULL LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'visits.id still holds NULLs: fill them before it becomes required',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
ALTER TABLE visits ADD CONSTRAINT visits_id_required CHECK (id IS NOT NULL) NOT VALID;

-- migrate:down
SET LOCAL lock_timeout = '2s';
ALTER TABLE visits DROP CONSTRAINT visits_id_required;
