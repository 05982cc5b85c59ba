-- Plan     move-customers-email · contract · 2 of 2
-- Deploy   a release later, when every running instance uses only orders.contact
-- Up       EXCLUSIVE on customers while writing the table anew, 7–20 min, waits at most 2 s: reads and
--          writes wait
-- Down     RESERVED on customers, < 10 ms, waits at most 2 s · lossless until rows of orders with the
--          same row of customers differ

PRAGMA busy_timeout = 2000;
ALTER TABLE customers ADD COLUMN email TEXT;
