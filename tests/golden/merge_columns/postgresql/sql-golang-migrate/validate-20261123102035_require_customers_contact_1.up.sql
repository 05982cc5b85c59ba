-- Plan     merge-customers-contact · validate · 3 of 3
-- Deploy   when the fill is done; then deploy the code that uses only contact
-- Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
--          on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
-- File     1 of 2 of this migration

BEGIN;

-- done already, unless a downgrade came between
ALTER TABLE customers VALIDATE CONSTRAINT customers_contact_required;

COMMIT;
