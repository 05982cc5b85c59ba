-- Plan     rename-orders-status-code · contract · 5 of 5
-- Deploy   a release later, when every running instance uses only status
-- Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless

BEGIN;

SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'new'::character varying;
ALTER TABLE orders ALTER COLUMN status_code DROP DEFAULT;
DROP TRIGGER zz_sync_orders_status_code_status ON orders;
DROP FUNCTION zz_sync_orders_status_code_status();
-- the downgrade fills status_code again from status
ALTER TABLE orders DROP COLUMN status_code;

COMMIT;
