-- Plan     rename-orders-status-code · contract · 5 of 6
-- Deploy   a release later, when every running instance uses only status
-- Up       metadata lock on orders, < 10 ms, waits at most 2 s
-- Down     metadata lock on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_insert;
DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_update;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_insert;
CREATE TRIGGER zz_sync_orders_status_code_status_insert BEFORE INSERT ON orders FOR EACH ROW
SET NEW.status_code = IF(NEW.status IS NOT NULL, NEW.status, NEW.status_code),
    NEW.status = IF(NEW.status IS NOT NULL, NEW.status, NEW.status_code);
DROP TRIGGER IF EXISTS zz_sync_orders_status_code_status_update;
CREATE TRIGGER zz_sync_orders_status_code_status_update BEFORE UPDATE ON orders FOR EACH ROW
SET NEW.status_code = IF((NOT (CAST(NEW.status AS BINARY) <=> CAST(OLD.status AS BINARY))), NEW.status, NEW.status_code),
    NEW.status = NEW.status_code;
