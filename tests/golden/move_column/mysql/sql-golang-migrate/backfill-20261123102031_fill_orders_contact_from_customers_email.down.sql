-- Plan     move-customers-email · backfill · 1 of 1 · data only
-- Deploy   when every running instance writes both customers.email and orders.contact
-- Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
-- Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
--          with --backfill runner, move-customers-email would go on where it was
-- Down     customers.email still holds everything: nothing to undo · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

-- customers.email still holds everything: nothing to undo
