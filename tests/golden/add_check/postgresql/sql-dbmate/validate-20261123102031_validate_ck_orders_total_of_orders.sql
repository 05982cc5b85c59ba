-- Plan     add-check-ck-orders-total-to-orders · validate · 1 of 1
-- Deploy   after expand
-- Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
-- Down     nothing to do: ck_orders_total stays validated, which harms nothing · lossless

-- migrate:up
ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_total;

-- migrate:down
-- ck_orders_total stays validated, which harms nothing
