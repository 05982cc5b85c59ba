-- Plan     make-visits-id-the-primary-key · expand · 4 of 4
-- Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
-- Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
--          ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless
-- File     2 of 4 of this migration: builds the index; needs a session without lock_timeout and
--          statement_timeout
-- Repair   when the build was cut short: dbmate rollback, then dbmate up

-- migrate:up transaction:false
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS visits_pkey_idx ON visits (id);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS visits_pkey_idx;
