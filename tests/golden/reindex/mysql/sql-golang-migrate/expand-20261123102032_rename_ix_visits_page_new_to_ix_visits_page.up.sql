-- Plan     build-ix-visits-page-of-visits-anew · expand · 3 of 3
-- Deploy   at any time
-- Up       INPLACE, LOCK=NONE on visits, < 10 ms, waits at most 2 s
-- Down     INPLACE, LOCK=NONE on visits, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE visits
    RENAME INDEX ix_visits_page_new TO ix_visits_page, ALGORITHM=INPLACE, LOCK=NONE;
