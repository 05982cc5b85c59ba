-- Plan     merge-customers-contact · backfill · 1 of 1 · data only
-- Deploy   after expand
-- Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
-- Down     name and email still hold everything: nothing to undo · lossless

-- name and email still hold everything: nothing to undo
