-- Plan     rename-orders-note · contract · 1 of 2 · data only
-- Deploy   a release later
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless

PRAGMA busy_timeout = 2000;
UPDATE orders SET note = remark WHERE note IS NOT remark;
