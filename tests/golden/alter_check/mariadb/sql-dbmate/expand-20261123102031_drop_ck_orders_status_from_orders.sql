-- Plan     change-ck-orders-status-of-orders · expand · 2 of 2
-- Deploy   after the deploy whose code writes only rows with status_code IN ('new', 'paid', 'sent')
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
--          writes wait, reads go on but for both ends · lossless until a row breaks the earlier
--          ck_orders_status

-- migrate:up
SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders DROP CONSTRAINT ck_orders_status, ALGORITHM=INSTANT;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
BEGIN NOT ATOMIC
    IF EXISTS (
        SELECT id FROM orders WHERE NOT (status_code <> '') LIMIT 5
    ) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'orders holds rows for which status_code <> '''' does not hold: mend them before ck_orders_status forbids them';
    END IF;
END;
ALTER TABLE orders
    ADD CONSTRAINT ck_orders_status
    CHECK (status_code <> ''), ALGORITHM=COPY, LOCK=SHARED;
