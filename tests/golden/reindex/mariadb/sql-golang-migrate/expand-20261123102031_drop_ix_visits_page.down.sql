-- Plan     build-ix-visits-page-of-visits-anew · expand · 2 of 3
-- Deploy   at any time
-- Up       NOCOPY, LOCK=NONE on visits, < 10 ms, waits at most 2 s
-- Down     NOCOPY, LOCK=NONE on visits while building, 1–7 min: reads and writes go on, but queue at
--          both ends, where it waits for open transactions, at most 2 s each time · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE visits ADD INDEX ix_visits_page (page), ALGORITHM=NOCOPY, LOCK=NONE;
