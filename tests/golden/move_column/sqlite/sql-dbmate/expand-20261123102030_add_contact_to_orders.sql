-- Plan     move-customers-email · expand · 1 of 1
-- Deploy   before the deploy of the code that uses orders.contact
-- Up       RESERVED on orders, < 10 ms, waits at most 2 s
-- Down     EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
--          writes wait · lossless until code writes only orders.contact

-- migrate:up
PRAGMA busy_timeout = 2000;
DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "customers holds rows with a value in email and without a row of orders, where it would be lost: add these rows first, or clear the value" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT customers.id FROM customers WHERE customers.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orders WHERE customers.id = orders.customer_id) LIMIT 5
);
DROP TABLE temp.migwiz_require;
ALTER TABLE orders ADD COLUMN contact TEXT;

-- migrate:down
PRAGMA busy_timeout = 2000;
ALTER TABLE orders DROP COLUMN contact;
