-- Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 3
-- Deploy   at any time
-- Up       INPLACE, LOCK=NONE on visits while building, 1–7 min: reads and writes go on, but queue at
--          both ends, where it waits for open transactions, at most 2 s each time
-- Down     INPLACE, LOCK=NONE on visits, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
ALTER TABLE visits ADD INDEX ix_visits_page_new (page), ALGORITHM=INPLACE, LOCK=NONE;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE visits DROP INDEX ix_visits_page_new, ALGORITHM=INPLACE, LOCK=NONE;
