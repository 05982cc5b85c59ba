-- Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 1
-- Deploy   at any time
-- Up       RESERVED on visits, < 10 ms, waits at most 2 s; then RESERVED on visits while building, 1–7
--          min, waits at most 2 s: writes wait, reads go on
-- Down     ix_visits_page is what it was, built anew: nothing to undo · lossless

PRAGMA busy_timeout = 2000;
DROP INDEX ix_visits_page;
CREATE INDEX ix_visits_page ON visits (page);
