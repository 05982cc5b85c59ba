-- Plan     rename-lost-of-delivery-to-missing · validate · 2 of 2
-- Deploy   when all rows are changed
-- Up       SHARE UPDATE EXCLUSIVE on items while reading every row, 1–4 min: reads and writes go on
-- Down     nothing to do: ck_items_delivery_not_lost stays validated, which harms nothing · lossless

-- migrate:up
ALTER TABLE items VALIDATE CONSTRAINT ck_items_delivery_not_lost;

-- migrate:down
-- ck_items_delivery_not_lost stays validated, which harms nothing
