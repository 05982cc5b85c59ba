-- Plan     no-longer-require-orders-customer-id · expand · 1 of 1
-- Deploy   after the deploy whose code copes with NULL, before any code writes one
-- Up       EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait
-- Down     EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait ·
--          lossless until a NULL is written to customer_id
-- File     2 of 2 of this migration

-- Nothing to do in this direction.
