-- Plan     drop-orders-status-code · contract · 5 of 6 · data only
-- Deploy   a release later
-- Up       no lock
-- Down     row locks on all changed rows until it is done: one statement · lossless
-- File     1 of 2 of this migration

-- migrate:up
DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "orders_status_code_archive does not hold every value of orders.status_code: something still writes the column" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT source.id FROM orders AS source LEFT JOIN orders_status_code_archive AS kept ON kept.id = source.id WHERE source.status_code IS NOT kept.status_code LIMIT 5
);
DROP TABLE temp.migwiz_require;

-- migrate:down
PRAGMA busy_timeout = 2000;
UPDATE orders SET status_code = 'new' WHERE status_code IS NULL;
