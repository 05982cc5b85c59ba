-- Plan     add-check-ck-orders-total-to-orders · expand · 1 of 1
-- Deploy   after the deploy whose code writes only rows with total >= 0
-- Tool     pt-online-schema-change does this in production, where the table is large; then this file
--          is marked as run
-- Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
--          writes wait, reads go on but for both ends
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
DO CASE WHEN EXISTS (
    SELECT id FROM orders WHERE NOT (total >= 0) LIMIT 5
) THEN UUID_TO_BIN('orders holds rows for which total >= 0 does not hold: mend them before ck_orders_total forbids them') END;
ALTER TABLE orders
    ADD CONSTRAINT ck_orders_total
    CHECK (total >= 0), ALGORITHM=COPY, LOCK=SHARED;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders DROP CHECK ck_orders_total, ALGORITHM=INSTANT;
