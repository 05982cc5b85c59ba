-- Plan     drop-orders-status-code · contract · 3 of 6
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       no lock
-- Down     metadata lock on orders_status_code_archive, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
CREATE TABLE orders_status_code_archive (
    id bigint NOT NULL,
    status_code varchar(20) NULL DEFAULT NULL,
    PRIMARY KEY (id)
);
