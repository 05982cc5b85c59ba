-- Plan     require-customers-email · backfill · 1 of 1 · data only
-- Deploy   after the deploy whose code always writes customers.email
-- Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
-- Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
--          with --backfill runner, require-customers-email would go on where it was
-- Down     the filled values harm nothing: nothing to undo · lossless

-- the filled values harm nothing: nothing to undo
