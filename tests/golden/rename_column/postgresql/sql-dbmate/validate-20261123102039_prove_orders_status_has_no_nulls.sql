-- Plan     rename-orders-status-code · validate · 5 of 6
-- Deploy   when the fill is done; then deploy the code that uses only status
-- Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
-- Down     nothing to do: orders_status_required stays validated, which harms nothing · lossless

-- migrate:up
ALTER TABLE orders VALIDATE CONSTRAINT orders_status_required;

-- migrate:down
-- orders_status_required stays validated, which harms nothing
