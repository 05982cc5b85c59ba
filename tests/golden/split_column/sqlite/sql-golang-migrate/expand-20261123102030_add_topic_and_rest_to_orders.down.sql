-- Plan     split-orders-note · expand · 1 of 2
-- Deploy   before the deploy of the code that uses topic and rest
-- Up       RESERVED on orders, < 10 ms, waits at most 2 s
-- Down     EXCLUSIVE on orders while writing the table anew, 13–40 min, waits at most 2 s: reads and
--          writes wait · lossless

PRAGMA busy_timeout = 2000;
ALTER TABLE orders DROP COLUMN rest;
ALTER TABLE orders DROP COLUMN topic;
