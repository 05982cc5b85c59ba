-- Plan     change-ck-orders-status-of-orders · expand · 1 of 1
-- Deploy   after the deploy whose code writes only rows with status_code IN ('new', 'paid', 'sent')
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders
    ADD CONSTRAINT ck_orders_status_new
    CHECK (status_code IN ('new', 'paid', 'sent')) NOT VALID;

COMMIT;
