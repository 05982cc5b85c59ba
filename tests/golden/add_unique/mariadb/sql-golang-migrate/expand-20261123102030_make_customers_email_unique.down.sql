-- Plan     make-customers-email-unique · expand · 1 of 1
-- Deploy   after the deploy whose code writes no doubles
-- Up       NOCOPY, LOCK=NONE on customers while building, 1–7 min: reads and writes go on, but queue
--          at both ends, where it waits for open transactions, at most 2 s each time
-- Down     NOCOPY, LOCK=NONE on customers, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE customers DROP INDEX customers_email_key, ALGORITHM=NOCOPY, LOCK=NONE;
