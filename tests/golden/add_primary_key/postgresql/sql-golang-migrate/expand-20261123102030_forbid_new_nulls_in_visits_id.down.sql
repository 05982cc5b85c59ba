-- Plan     make-visits-id-the-primary-key · expand · 1 of 4
-- Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
-- Up       ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE visits DROP CONSTRAINT visits_id_required;

COMMIT;
