-- Plan     no-longer-require-orders-customer-id · expand · 1 of 1
-- Deploy   after the deploy whose code copes with NULL, before any code writes one
-- Up       EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait
-- Down     EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait ·
--          lossless until a NULL is written to customer_id
-- File     2 of 2 of this migration

-- migrate:up
-- Nothing to do in this direction.

-- migrate:down
DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "orders.customer_id still holds NULLs: fill them before it becomes required" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT id FROM orders WHERE customer_id IS NULL LIMIT 5
);
DROP TABLE temp.migwiz_require;
