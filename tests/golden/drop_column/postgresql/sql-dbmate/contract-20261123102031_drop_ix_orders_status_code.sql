-- Plan     drop-orders-status-code · contract · 1 of 7
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       SHARE UPDATE EXCLUSIVE on orders: reads and writes go on
-- Down     SHARE UPDATE EXCLUSIVE on orders while building, 1–7 min: reads and writes go on · lossless
-- File     2 of 3 of this migration: builds the index; needs a session without lock_timeout and
--          statement_timeout
-- Repair   when the rollback was cut short: dbmate up, then roll back again

-- migrate:up transaction:false
DROP INDEX CONCURRENTLY IF EXISTS ix_orders_status_code;

-- migrate:down transaction:false
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_orders_status_code
    ON orders (status_code, created_at DESC);
