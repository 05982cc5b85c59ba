-- Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 1
-- Deploy   at any time
-- Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
--          SHARE UPDATE EXCLUSIVE on visits and ix_visits_page_new: reads and writes go on
-- Down     ix_visits_page is what it was, built anew: nothing to undo · lossless
-- File     2 of 5 of this migration: builds the index; needs a session without lock_timeout and
--          statement_timeout
-- Repair   when the build was cut short: dbmate rollback, then dbmate up

-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_visits_page_new ON visits (page);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY IF EXISTS ix_visits_page_new;
