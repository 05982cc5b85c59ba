-- Plan     drop-orders-customer-id-fkey-from-orders · contract · 1 of 2
-- Deploy   when no running code counts on the constraint
-- Up       no lock
-- Down     consistent read on orders while reading every row, 1–4 min: reads and writes go on ·
--          lossless

-- only the downgrade has work to do: it proves orders_customer_id_fkey
