-- Plan     drop-orders-status-code · contract · 5 of 6 · data only
-- Deploy   a release later
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless
-- File     2 of 2 of this migration

-- Nothing to do in this direction.
