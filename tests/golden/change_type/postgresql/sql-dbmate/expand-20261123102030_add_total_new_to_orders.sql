-- Plan     change-type-orders-total · expand · 1 of 2
-- Deploy   before the deploy of the code that uses orders.total as numeric(14,4)
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET LOCAL lock_timeout = '2s';
-- every value stands in total too
ALTER TABLE orders ADD COLUMN total_new numeric(14,4);

-- migrate:down
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders DROP COLUMN total_new;
