-- Plan     split-orders-note · contract · 2 of 2
-- Deploy   a release later, when every running instance uses only topic and rest
-- Up       EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
--          writes wait
-- Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

PRAGMA busy_timeout = 2000;
DROP TRIGGER zz_sync_orders_note_topic_rest;
DROP TRIGGER zz_sync_orders_note_topic_rest_update;
-- the downgrade makes note again from topic and rest
ALTER TABLE orders DROP COLUMN note;
