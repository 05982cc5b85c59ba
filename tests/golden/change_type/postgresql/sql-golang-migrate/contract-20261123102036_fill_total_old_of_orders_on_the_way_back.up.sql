-- Plan     change-type-orders-total · contract · 1 of 2 · data only
-- Deploy   a release later, when every running instance uses orders.total as numeric(14,4)
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless

-- only the downgrade has work to do: it fills total_old
