-- Plan     split-customers-name · validate · 2 of 3
-- Deploy   when the fill is done; then deploy the code that uses only first_name and last_name
-- Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
--          on
-- Down     nothing to do: customers_first_name_required stays validated, which harms nothing ·
--          lossless

BEGIN;

ALTER TABLE customers VALIDATE CONSTRAINT customers_first_name_required;

COMMIT;
