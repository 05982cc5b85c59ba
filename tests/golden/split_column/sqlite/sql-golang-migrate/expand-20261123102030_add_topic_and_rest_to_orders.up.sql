-- Plan     split-orders-note · expand · 1 of 2
-- Deploy   before the deploy of the code that uses topic and rest
-- Up       RESERVED on orders, < 10 ms, waits at most 2 s
-- Down     EXCLUSIVE on orders while writing the table anew, 13–40 min, waits at most 2 s: reads and
--          writes wait · lossless

PRAGMA busy_timeout = 2000;
DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "note of orders holds values that do not come back as they were from topic and rest: mend them, write other expressions, or accept it with --normalise" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT id FROM orders WHERE note IS NOT (substr(note, 1, instr(note || ' ', ' ') - 1) || coalesce(' ' || nullif(substr(note, instr(note || ' ', ' ') + 1), ''), '')) LIMIT 5
);
DROP TABLE temp.migwiz_require;
-- note holds every value too
ALTER TABLE orders ADD COLUMN topic TEXT;
-- note holds every value too
ALTER TABLE orders ADD COLUMN rest TEXT;
