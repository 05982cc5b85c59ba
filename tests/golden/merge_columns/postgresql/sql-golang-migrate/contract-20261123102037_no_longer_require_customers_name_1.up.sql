-- Plan     merge-customers-contact · contract · 1 of 4
-- Deploy   a release later, when every running instance uses only contact
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
--          on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless until a NULL
--          is written to name
-- File     1 of 2 of this migration

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE customers
    ADD CONSTRAINT customers_name_required
    CHECK (name IS NOT NULL) NOT VALID;
ALTER TABLE customers ALTER COLUMN name DROP NOT NULL;

COMMIT;
