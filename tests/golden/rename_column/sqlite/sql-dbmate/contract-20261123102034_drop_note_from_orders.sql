-- Plan     rename-orders-note · contract · 2 of 2
-- Deploy   a release later, when every running instance uses only remark
-- Up       EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
--          writes wait
-- Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
PRAGMA busy_timeout = 2000;
DROP TRIGGER zz_sync_orders_note_remark;
DROP TRIGGER zz_sync_orders_note_remark_update;
-- the downgrade fills note again from remark
ALTER TABLE orders DROP COLUMN note;

-- migrate:down
PRAGMA busy_timeout = 2000;
ALTER TABLE orders ADD COLUMN note TEXT;
SELECT rowid FROM orders LIMIT 0;
CREATE TRIGGER zz_sync_orders_note_remark AFTER INSERT ON orders FOR EACH ROW
WHEN NEW.remark IS NOT NEW.note
BEGIN
    UPDATE orders SET note = coalesce(NEW.remark, NEW.note), remark = coalesce(NEW.remark, NEW.note)
    WHERE rowid = NEW.rowid;
END;
CREATE TRIGGER zz_sync_orders_note_remark_update AFTER UPDATE ON orders FOR EACH ROW
WHEN NEW.remark IS NOT NEW.note AND (NEW.remark IS NOT OLD.remark OR NEW.note IS NOT OLD.note)
BEGIN
    UPDATE orders SET
        note = CASE WHEN NEW.remark IS NOT OLD.remark THEN NEW.remark ELSE NEW.note END,
        remark = CASE WHEN NEW.remark IS NOT OLD.remark THEN NEW.remark ELSE NEW.note END
    WHERE rowid = NEW.rowid;
END;
