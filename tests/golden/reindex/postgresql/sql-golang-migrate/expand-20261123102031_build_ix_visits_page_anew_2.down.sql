-- Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 1
-- Deploy   at any time
-- Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
--          SHARE UPDATE EXCLUSIVE on visits and ix_visits_page_new: reads and writes go on
-- Down     ix_visits_page is what it was, built anew: nothing to undo · lossless
-- File     2 of 5 of this migration: builds the index; needs a session without lock_timeout and
--          statement_timeout
-- Repair   when it was cut short: migrate force 20261123102031, then migrate down 1
-- Runner   one migrate at a time: a second one, waiting its turn, ends the index build with a deadlock

DROP INDEX CONCURRENTLY IF EXISTS ix_visits_page_new;
