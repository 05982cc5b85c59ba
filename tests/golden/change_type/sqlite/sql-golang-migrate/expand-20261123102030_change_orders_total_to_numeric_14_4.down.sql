-- Plan     change-type-orders-total · expand · 1 of 1
-- Deploy   at any time
-- Up       EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait
-- Down     EXCLUSIVE on orders while writing the table anew, 7–20 min: reads and writes wait ·
--          lossless
-- Repair   when it was cut short: migrate force 20261123102030, then migrate down 1
-- Runner   opens and closes its own transaction: run it with x-no-tx-wrap=true in the database URL;
--          without it the file fails and changes nothing

PRAGMA foreign_keys = OFF;
PRAGMA legacy_alter_table = ON;
BEGIN IMMEDIATE;
CREATE TABLE migwiz_new_orders (
    id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    billing_id INTEGER,
    status_code varchar(20) NOT NULL DEFAULT 'new',
    total numeric(10,2),
    note TEXT,
    shown TEXT,
    created_at timestamp DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT ck_orders_status CHECK (status_code <> '')
);
INSERT INTO migwiz_new_orders (id, customer_id, billing_id, status_code, total, note, shown, created_at)
SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at FROM orders;
DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "orders and its copy differ in their number of rows" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT 1 WHERE (SELECT count(*) FROM orders) <> (SELECT count(*) FROM migwiz_new_orders)
);
DROP TABLE temp.migwiz_require;
DROP TABLE orders;
ALTER TABLE migwiz_new_orders RENAME TO orders;
CREATE INDEX ix_orders_customer_id ON orders (customer_id);
CREATE INDEX ix_orders_status_code ON orders (status_code, created_at DESC);
DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "foreign keys point nowhere after orders was rebuilt" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT 1 FROM pragma_foreign_key_check
);
DROP TABLE temp.migwiz_require;
COMMIT;
PRAGMA legacy_alter_table = OFF;
PRAGMA foreign_keys = ON;
