-- Plan     drop-orders-status-code · contract · 5 of 6 · data only
-- Deploy   a release later
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless
-- File     1 of 2 of this migration

PRAGMA busy_timeout = 2000;
UPDATE orders SET status_code = 'new' WHERE status_code IS NULL;
