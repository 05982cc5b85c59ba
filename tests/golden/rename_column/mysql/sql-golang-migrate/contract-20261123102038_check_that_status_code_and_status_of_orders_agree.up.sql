-- Plan     rename-orders-status-code · contract · 3 of 6 · data only
-- Deploy   a release later, when every running instance uses only status
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

DO CASE WHEN EXISTS (
    SELECT id FROM orders WHERE NOT (CAST(status AS binary) <=> CAST(status_code AS binary)) LIMIT 5
) THEN UUID_TO_BIN('status_code and status of orders still differ: run the backfill to its end first') END;
