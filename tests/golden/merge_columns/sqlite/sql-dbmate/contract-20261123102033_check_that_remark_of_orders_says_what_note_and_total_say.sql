-- Plan     merge-orders-remark · contract · 1 of 2 · data only
-- Deploy   a release later, when every running instance uses only remark
-- Up       no lock
-- Down     row locks on all changed rows until it is done: one statement · lossless

-- migrate:up
DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "note and total of orders hold values that remark would not bring back: mend them, in either form" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT id FROM orders WHERE note IS NOT nullif(substr(remark, instr(remark, '/') + 1), '') OR total IS NOT cast(nullif(substr(remark, 1, instr(remark, '/') - 1), '') as numeric) LIMIT 5
);
DROP TABLE temp.migwiz_require;

-- migrate:down
PRAGMA busy_timeout = 2000;
UPDATE orders
    SET note = nullif(substr(remark, instr(remark, '/') + 1), ''), total = cast(nullif(substr(remark, 1, instr(remark, '/') - 1), '') as numeric)
    WHERE (note IS NOT nullif(substr(remark, instr(remark, '/') + 1), '') OR total IS NOT cast(nullif(substr(remark, 1, instr(remark, '/') - 1), '') as numeric));
