-- Plan     rename-index-ix-orders-status-code-to-ix-orders-state · expand · 1 of 1
-- Deploy   at any time
-- Up       SHARE UPDATE EXCLUSIVE on ix_orders_status_code: reads and writes go on
-- Down     SHARE UPDATE EXCLUSIVE on ix_orders_state: reads and writes go on · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER INDEX ix_orders_state RENAME TO ix_orders_status_code;

COMMIT;
