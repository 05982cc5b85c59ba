-- Plan     drop-orders-status-code · contract · 7 of 7
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until
--          orders_status_code_archive is dropped

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders
    ADD COLUMN status_code varchar(20) DEFAULT 'new'::character varying NOT NULL;

COMMIT;
