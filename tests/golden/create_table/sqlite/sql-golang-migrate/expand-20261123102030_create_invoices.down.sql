-- Plan     create-table-invoices · expand · 1 of 1
-- Deploy   before the deploy of the code that uses invoices
-- Up       RESERVED on invoices, < 10 ms, waits at most 2 s
-- Down     EXCLUSIVE on invoices, < 10 ms, waits at most 2 s · lossless until invoices is written

PRAGMA busy_timeout = 2000;
DROP TABLE IF EXISTS temp.migwiz_require;
CREATE TEMP TABLE migwiz_require (holds INTEGER CONSTRAINT "invoices holds rows, which the way back would lose: delete them first if they may go" CHECK (holds));
INSERT INTO temp.migwiz_require SELECT 0 WHERE EXISTS (
    SELECT 1 FROM invoices LIMIT 1
);
DROP TABLE temp.migwiz_require;
DROP TABLE invoices;
