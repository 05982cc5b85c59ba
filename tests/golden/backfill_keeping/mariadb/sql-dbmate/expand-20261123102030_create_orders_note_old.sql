-- Plan     fill-orders-note · expand · 1 of 1
-- Deploy   at any time
-- Up       no lock
-- Down     metadata lock on orders_note_old, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
CREATE TABLE orders_note_old (
    id bigint(20) NOT NULL,
    old_note varchar(200) NULL DEFAULT NULL,
    new_note varchar(200) NULL DEFAULT NULL,
    PRIMARY KEY (id)
) COMMENT='Old values of orders.note, kept by the plan fill-orders-note; its contract phase drops this table.';

-- migrate:down
SET SESSION lock_wait_timeout = 2;
DROP TABLE orders_note_old;
