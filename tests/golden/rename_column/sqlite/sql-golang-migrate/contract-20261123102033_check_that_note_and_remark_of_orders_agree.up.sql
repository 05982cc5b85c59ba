-- Plan     rename-orders-note · contract · 1 of 2 · data only
-- Deploy   a release later, when every running instance uses only remark
-- Up       no lock
-- Down     row locks on all changed rows until it is done: one statement · lossless

DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "note and remark of orders still differ: run the backfill to its end first" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT id FROM orders WHERE remark IS NOT note LIMIT 5
);
DROP TABLE temp.migwiz_require;
