-- Plan     create-table-invoices · expand · 1 of 1
-- Deploy   before the deploy of the code that uses invoices
-- Up       metadata lock on customers, < 10 ms, waits at most 2 s
-- Down     metadata lock on invoices and customers, < 10 ms, waits at most 2 s · lossless until
--          invoices is written
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
DO CASE WHEN EXISTS (
    SELECT 1 FROM invoices LIMIT 1
) THEN UUID_TO_BIN('invoices holds rows, which the way back would lose: delete them first if they may go') END;
DROP TABLE invoices;
