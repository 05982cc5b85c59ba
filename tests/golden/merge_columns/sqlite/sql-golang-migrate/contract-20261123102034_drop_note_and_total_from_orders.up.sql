-- Plan     merge-orders-remark · contract · 2 of 2
-- Deploy   a release later, when every running instance uses only remark
-- Up       EXCLUSIVE on orders while writing the table anew, 13–40 min, waits at most 2 s: reads and
--          writes wait
-- Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

PRAGMA busy_timeout = 2000;
DROP TRIGGER zz_sync_orders_note_total_remark;
DROP TRIGGER zz_sync_orders_note_total_remark_update;
-- the downgrade makes note again from remark
ALTER TABLE orders DROP COLUMN note;
-- the downgrade makes total again from remark
ALTER TABLE orders DROP COLUMN total;
