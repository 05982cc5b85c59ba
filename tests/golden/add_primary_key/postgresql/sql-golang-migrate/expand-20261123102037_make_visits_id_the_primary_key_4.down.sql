-- Plan     make-visits-id-the-primary-key · expand · 4 of 4
-- Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
-- Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
--          ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless
-- File     4 of 4 of this migration

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE visits DROP CONSTRAINT visits_pkey;

COMMIT;
