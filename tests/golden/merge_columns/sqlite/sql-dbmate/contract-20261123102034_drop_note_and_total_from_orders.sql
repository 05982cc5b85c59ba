-- Plan     merge-orders-remark · contract · 2 of 2
-- Deploy   a release later, when every running instance uses only remark
-- Up       EXCLUSIVE on orders while writing the table anew, 13–40 min, waits at most 2 s: reads and
--          writes wait
-- Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

-- migrate:up
PRAGMA busy_timeout = 2000;
DROP TRIGGER zz_sync_orders_note_total_remark;
DROP TRIGGER zz_sync_orders_note_total_remark_update;
-- the downgrade makes note again from remark
ALTER TABLE orders DROP COLUMN note;
-- the downgrade makes total again from remark
ALTER TABLE orders DROP COLUMN total;

-- migrate:down
PRAGMA busy_timeout = 2000;
ALTER TABLE orders ADD COLUMN total numeric(10,2);
ALTER TABLE orders ADD COLUMN note TEXT;
SELECT rowid FROM orders LIMIT 0;
CREATE TRIGGER zz_sync_orders_note_total_remark AFTER INSERT ON orders FOR EACH ROW
WHEN (NOT (NEW.remark IS NOT NULL) AND (NEW.remark IS NOT (coalesce(NEW.total, '') || '/' || coalesce(NEW.note, '')))) OR ((NEW.remark IS NOT NULL) AND (NEW.note IS NOT (nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '')) OR NEW.total IS NOT (cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric))))
BEGIN
    UPDATE orders SET
        note = CASE WHEN NEW.remark IS NOT NULL THEN nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '') ELSE note END,
        total = CASE WHEN NEW.remark IS NOT NULL THEN cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric) ELSE total END,
        remark = CASE WHEN NEW.remark IS NOT NULL THEN remark ELSE coalesce(NEW.total, '') || '/' || coalesce(NEW.note, '') END
    WHERE rowid = NEW.rowid;
END;
CREATE TRIGGER zz_sync_orders_note_total_remark_update AFTER UPDATE ON orders FOR EACH ROW
WHEN (NOT (NEW.remark IS NOT (OLD.remark)) AND (NEW.note IS NOT (OLD.note) OR NEW.total IS NOT (OLD.total)) AND (NOT (NEW.remark IS NOT NULL) OR NEW.note IS NOT (nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '')) OR NEW.total IS NOT (cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric)))) OR ((NEW.remark IS NOT (OLD.remark)) AND (NEW.remark IS NOT (coalesce(NEW.total, '') || '/' || coalesce(NEW.note, ''))))
BEGIN
    UPDATE orders SET
        note = CASE WHEN NEW.remark IS NOT (OLD.remark) THEN nullif(substr(NEW.remark, instr(NEW.remark, '/') + 1), '') ELSE note END,
        total = CASE WHEN NEW.remark IS NOT (OLD.remark) THEN cast(nullif(substr(NEW.remark, 1, instr(NEW.remark, '/') - 1), '') as numeric) ELSE total END,
        remark = CASE WHEN NEW.remark IS NOT (OLD.remark) THEN remark ELSE coalesce(NEW.total, '') || '/' || coalesce(NEW.note, '') END
    WHERE rowid = NEW.rowid;
END;
