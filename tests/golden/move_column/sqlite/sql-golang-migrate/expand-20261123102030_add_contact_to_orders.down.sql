-- Plan     move-customers-email · expand · 1 of 1
-- Deploy   before the deploy of the code that uses orders.contact
-- Up       RESERVED on orders, < 10 ms, waits at most 2 s
-- Down     EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
--          writes wait · lossless until code writes only orders.contact

PRAGMA busy_timeout = 2000;
ALTER TABLE orders DROP COLUMN contact;
