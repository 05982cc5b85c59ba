-- Plan     create-table-invoices · expand · 1 of 1
-- Deploy   before the deploy of the code that uses invoices
-- Up       RESERVED on invoices, < 10 ms, waits at most 2 s
-- Down     EXCLUSIVE on invoices, < 10 ms, waits at most 2 s · lossless until invoices is written

-- migrate:up
PRAGMA busy_timeout = 2000;
CREATE TABLE invoices (
    id integer NOT NULL,
    customer_id integer NOT NULL,
    number varchar(20) NOT NULL,
    total numeric NOT NULL DEFAULT 0,
    sent_at timestamp DEFAULT CURRENT_TIMESTAMP,
    paid_at timestamp,
    CONSTRAINT invoices_pkey PRIMARY KEY (id),
    CONSTRAINT invoices_number_key UNIQUE (number),
    CONSTRAINT ck_invoices_paid CHECK (paid_at >= sent_at),
    CONSTRAINT invoices_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)
);
CREATE INDEX ix_invoices_sent_at ON invoices (sent_at DESC) WHERE paid_at IS NULL;
CREATE INDEX ix_invoices_customer_id ON invoices (customer_id);

-- migrate:down
PRAGMA busy_timeout = 2000;
DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "invoices holds rows, which the way back would lose: delete them first if they may go" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT 1 FROM invoices LIMIT 1
);
DROP TABLE temp.migwiz_require;
DROP TABLE invoices;
