-- Plan     drop-orders-status-code · contract · 4 of 6 · data only
-- Deploy   a release later
-- Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
-- Down     nothing to do: the rows go with orders_status_code_archive · lossless

-- the rows go with orders_status_code_archive
