-- Plan     merge-orders-remark · expand · 2 of 2
-- Deploy   before the deploy of the code that uses remark
-- Up       RESERVED on orders, < 10 ms, waits at most 2 s
-- Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless

PRAGMA busy_timeout = 2000;
DROP TRIGGER zz_sync_orders_note_total_remark;
DROP TRIGGER zz_sync_orders_note_total_remark_update;
