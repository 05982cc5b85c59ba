-- Plan     change-orders-customer-id-fkey-of-orders · expand · 2 of 3
-- Deploy   before the deploy of the code that counts on ON DELETE CASCADE
-- Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
-- Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on ·
--          lossless

BEGIN;

ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey_new;

COMMIT;
