-- Plan     drop-orders-status-code · contract · 4 of 6 · data only
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
-- Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
--          with --backfill runner, drop-orders-status-code would go on where it was
-- Down     nothing to do: the rows go with orders_status_code_archive · lossless

-- the rows go with orders_status_code_archive
