-- Plan     merge-customers-contact · expand · 1 of 2
-- Deploy   before the deploy of the code that uses contact
-- Up       INSTANT on customers, < 10 ms, waits at most 2 s
-- Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE customers DROP COLUMN contact, ALGORITHM=INSTANT;
