-- Plan     create-table-invoices · expand · 1 of 1
-- Deploy   before the deploy of the code that uses invoices
-- Up       SHARE ROW EXCLUSIVE on customers and invoices, < 10 ms, waits at most 2 s: writes wait,
--          reads go on
-- Down     ACCESS EXCLUSIVE on invoices and customers, < 10 ms, waits at most 2 s · lossless until
--          invoices is written

BEGIN;

SET LOCAL lock_timeout = '2s';
LOCK TABLE invoices IN ACCESS EXCLUSIVE MODE;
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT 1 FROM invoices LIMIT 1
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'invoices holds rows, which the way back would lose: delete them first if they may go',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
DROP TABLE invoices;

COMMIT;
