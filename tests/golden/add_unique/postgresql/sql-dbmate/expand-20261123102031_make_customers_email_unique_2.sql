-- Plan     make-customers-email-unique · expand · 1 of 1
-- Deploy   after the deploy whose code writes no doubles
-- Up       SHARE UPDATE EXCLUSIVE on customers while building, 1–7 min: reads and writes go on; then
--          ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
-- File     2 of 4 of this migration: builds the index; needs a session without lock_timeout and
--          statement_timeout
-- Repair   when the build was cut short: dbmate rollback, then dbmate up

-- migrate:up transaction:false
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS customers_email_key_idx
    ON customers (email);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS customers_email_key_idx;
