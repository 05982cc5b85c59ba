-- Plan     merge-customers-contact · backfill · 1 of 1 · data only
-- Deploy   after expand
-- Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
-- Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
--          with --backfill runner, merge-customers-contact would go on where it was
-- Down     name and email still hold everything: nothing to undo · lossless

-- name and email still hold everything: nothing to undo
