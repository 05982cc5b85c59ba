-- Plan     drop-orders-status-code · contract · 4 of 5 · data only
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       no lock
-- Down     row locks on all changed rows until it is done: one statement · lossless

PRAGMA busy_timeout = 2000;
UPDATE orders
    SET status_code = kept.status_code
    FROM orders_status_code_archive AS kept
    WHERE kept.id = orders.id AND orders.status_code IS NOT kept.status_code;
