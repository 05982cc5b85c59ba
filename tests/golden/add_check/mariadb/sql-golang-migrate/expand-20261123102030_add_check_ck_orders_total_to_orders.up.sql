-- Plan     add-check-ck-orders-total-to-orders · expand · 1 of 1
-- Deploy   after the deploy whose code writes only rows with total >= 0
-- Tool     pt-online-schema-change does this in production, where the table is large; then this file
--          is marked as run
-- Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
--          writes wait, reads go on but for both ends
-- Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
BEGIN NOT ATOMIC
    IF EXISTS (
        SELECT id FROM orders WHERE NOT (total >= 0) LIMIT 5
    ) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'orders holds rows for which total >= 0 does not hold: mend them before ck_orders_total forbids them';
    END IF;
END;
ALTER TABLE orders
    ADD CONSTRAINT ck_orders_total
    CHECK (total >= 0), ALGORITHM=COPY, LOCK=SHARED;
