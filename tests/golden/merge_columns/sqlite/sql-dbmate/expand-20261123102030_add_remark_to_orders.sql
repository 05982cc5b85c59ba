-- Plan     merge-orders-remark · expand · 1 of 2
-- Deploy   before the deploy of the code that uses remark
-- Up       RESERVED on orders, < 10 ms, waits at most 2 s
-- Down     EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
--          writes wait · lossless

-- migrate:up
PRAGMA busy_timeout = 2000;
DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "note and total of orders hold values that do not come back as they were from remark: mend them, write other expressions, or accept it with --normalise" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT id FROM orders WHERE note IS NOT nullif(substr((coalesce(total, '') || '/' || coalesce(note, '')), instr((coalesce(total, '') || '/' || coalesce(note, '')), '/') + 1), '') OR total IS NOT cast(nullif(substr((coalesce(total, '') || '/' || coalesce(note, '')), 1, instr((coalesce(total, '') || '/' || coalesce(note, '')), '/') - 1), '') as numeric) LIMIT 5
);
DROP TABLE temp.migwiz_require;
-- note and total hold every value too
ALTER TABLE orders ADD COLUMN remark TEXT;

-- migrate:down
PRAGMA busy_timeout = 2000;
ALTER TABLE orders DROP COLUMN remark;
