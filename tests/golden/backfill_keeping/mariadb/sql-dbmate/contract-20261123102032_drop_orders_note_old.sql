-- Plan     fill-orders-note · contract · 1 of 1
-- Deploy   when nobody will want the old values back: days or weeks later
-- Up       metadata lock on orders_note_old, < 10 ms, waits at most 2 s
-- Down     not possible: the old values of orders went with orders_note_old

-- migrate:up
SET SESSION lock_wait_timeout = 2;
DROP TABLE orders_note_old;

-- migrate:down
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the old values of orders went with orders_note_old';
