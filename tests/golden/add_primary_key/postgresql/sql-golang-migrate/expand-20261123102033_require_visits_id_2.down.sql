-- Plan     make-visits-id-the-primary-key · expand · 3 of 4
-- Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
-- Up       SHARE UPDATE EXCLUSIVE on visits while reading every row, 1–4 min: reads and writes go on;
--          then ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless
-- File     2 of 2 of this migration

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE visits ADD CONSTRAINT visits_id_required CHECK (id IS NOT NULL) NOT VALID;
ALTER TABLE visits ALTER COLUMN id DROP NOT NULL;

COMMIT;
