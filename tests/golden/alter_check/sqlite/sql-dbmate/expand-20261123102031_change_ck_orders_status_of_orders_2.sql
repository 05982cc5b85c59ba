-- Plan     change-ck-orders-status-of-orders · expand · 1 of 1
-- Deploy   after the deploy whose code writes only rows with status_code IN ('new', 'paid', 'sent')
-- Up       EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait
-- Down     EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait ·
--          lossless until a row breaks the earlier ck_orders_status
-- File     2 of 2 of this migration

-- migrate:up
-- Nothing to do in this direction.

-- migrate:down
DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "orders holds rows for which status_code <> '' does not hold: mend them before ck_orders_status forbids them" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT id FROM orders WHERE NOT (status_code <> '') LIMIT 5
);
DROP TABLE temp.migwiz_require;
