-- Plan     drop-orders-status-code · contract · 2 of 6
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       INSTANT on orders, < 10 ms, waits at most 2 s
-- Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
--          writes wait, reads go on but for both ends · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE orders
    ADD CONSTRAINT ck_orders_status
    CHECK (status_code <> ''), ALGORITHM=COPY, LOCK=SHARED;
