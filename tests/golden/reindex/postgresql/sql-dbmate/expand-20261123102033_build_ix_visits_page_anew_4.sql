-- Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 1
-- Deploy   at any time
-- Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
--          SHARE UPDATE EXCLUSIVE on visits and ix_visits_page_new: reads and writes go on
-- Down     ix_visits_page is what it was, built anew: nothing to undo · lossless
-- File     4 of 5 of this migration

-- migrate:up transaction:false
DROP INDEX CONCURRENTLY IF EXISTS ix_visits_page;

-- migrate:down
-- Nothing to do in this direction.
