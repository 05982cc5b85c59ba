-- Plan     drop-orders-customer-id-fkey-from-orders · contract · 1 of 1
-- Deploy   when no running code counts on the constraint
-- Up       EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait
-- Down     EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait ·
--          lossless until a row breaks orders_customer_id_fkey
-- File     2 of 2 of this migration

-- migrate:up
-- Nothing to do in this direction.

-- migrate:down
DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "rows of orders point to rows of customers that do not exist" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT child.id FROM orders AS child WHERE child.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.customer_id) LIMIT 5
);
DROP TABLE temp.migwiz_require;
