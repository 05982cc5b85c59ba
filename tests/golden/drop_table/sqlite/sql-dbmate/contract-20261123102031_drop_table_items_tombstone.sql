-- Plan     drop-items · contract · 1 of 1
-- Deploy   a release later, when nobody has missed items
-- Up       EXCLUSIVE on items_tombstone, < 10 ms, waits at most 2 s
-- Down     RESERVED on items, < 10 ms, waits at most 2 s · structure only: items comes back empty: its
--          rows are gone

-- migrate:up
PRAGMA busy_timeout = 2000;
DROP TABLE items_tombstone;

-- migrate:down
PRAGMA busy_timeout = 2000;
CREATE TABLE items (
    id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    delivery text NOT NULL DEFAULT 'pending',
    amount integer NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT items_product_id_fkey FOREIGN KEY (product_id) REFERENCES products (id),
    CONSTRAINT ck_items_amount CHECK (amount > 0)
);
CREATE INDEX ix_items_product_id ON items (product_id);
CREATE INDEX ix_items_delivery ON items (delivery);
ALTER TABLE items RENAME TO items_tombstone;
