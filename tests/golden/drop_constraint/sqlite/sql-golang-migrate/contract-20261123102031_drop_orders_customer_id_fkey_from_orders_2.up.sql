-- Plan     drop-orders-customer-id-fkey-from-orders · contract · 1 of 1
-- Deploy   when no running code counts on the constraint
-- Up       EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait
-- Down     EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait ·
--          lossless until a row breaks orders_customer_id_fkey
-- File     2 of 2 of this migration

-- Nothing to do in this direction.
