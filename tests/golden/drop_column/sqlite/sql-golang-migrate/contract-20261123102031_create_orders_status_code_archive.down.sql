-- Plan     drop-orders-status-code · contract · 2 of 5
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       RESERVED on orders_status_code_archive, < 10 ms, waits at most 2 s
-- Down     EXCLUSIVE on orders_status_code_archive, < 10 ms, waits at most 2 s · lossless

PRAGMA busy_timeout = 2000;
DROP TABLE orders_status_code_archive;
