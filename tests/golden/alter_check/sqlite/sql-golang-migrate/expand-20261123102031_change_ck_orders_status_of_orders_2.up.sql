-- Plan     change-ck-orders-status-of-orders · expand · 1 of 1
-- Deploy   after the deploy whose code writes only rows with status_code IN ('new', 'paid', 'sent')
-- Up       EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait
-- Down     EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait ·
--          lossless until a row breaks the earlier ck_orders_status
-- File     2 of 2 of this migration

-- Nothing to do in this direction.
