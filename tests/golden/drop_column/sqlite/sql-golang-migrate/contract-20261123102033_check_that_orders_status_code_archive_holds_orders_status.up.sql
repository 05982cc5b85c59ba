-- Plan     drop-orders-status-code · contract · 4 of 5 · data only
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       no lock
-- Down     row locks on all changed rows until it is done: one statement · lossless

DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "orders_status_code_archive does not hold every value of orders.status_code: something still writes the column" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT source.id FROM orders AS source LEFT JOIN orders_status_code_archive AS kept ON kept.id = source.id WHERE source.status_code IS NOT (CASE WHEN kept.id IS NULL THEN 'new' ELSE kept.status_code END) LIMIT 5
);
DROP TABLE temp.migwiz_require;
