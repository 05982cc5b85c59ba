-- Plan     split-customers-name · contract · 1 of 4
-- Deploy   a release later, when every running instance uses only first_name and last_name
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
--          on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless until a NULL
--          is written to name
-- File     2 of 2 of this migration

BEGIN;

ALTER TABLE customers VALIDATE CONSTRAINT customers_name_required;

COMMIT;
