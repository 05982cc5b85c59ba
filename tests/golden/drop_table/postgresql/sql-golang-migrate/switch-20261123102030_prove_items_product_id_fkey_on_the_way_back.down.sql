-- Plan     drop-items · switch · 1 of 3
-- Deploy   when nothing uses items any more
-- Up       no lock
-- Down     SHARE UPDATE EXCLUSIVE on items while reading every row, 1–4 min: reads and writes go on ·
--          lossless

BEGIN;

ALTER TABLE items VALIDATE CONSTRAINT items_product_id_fkey;

COMMIT;
