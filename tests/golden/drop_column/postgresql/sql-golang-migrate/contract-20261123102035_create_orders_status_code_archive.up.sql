-- Plan     drop-orders-status-code · contract · 4 of 7
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       no lock
-- Down     ACCESS EXCLUSIVE on orders_status_code_archive, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
CREATE TABLE orders_status_code_archive (
    id bigint NOT NULL,
    status_code varchar(20),
    CONSTRAINT orders_status_code_archive_pkey PRIMARY KEY (id)
);

COMMIT;
