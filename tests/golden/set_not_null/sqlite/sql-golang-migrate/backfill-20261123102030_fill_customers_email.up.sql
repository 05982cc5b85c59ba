-- Plan     require-customers-email · backfill · 1 of 1 · data only
-- Deploy   after the deploy whose code always writes customers.email
-- Up       row locks on all changed rows until it is done: one statement
-- Down     the filled values harm nothing: nothing to undo · lossless

PRAGMA busy_timeout = 2000;
UPDATE customers SET email = '' WHERE email IS NULL;
