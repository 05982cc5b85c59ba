-- Plan     drop-lost-from-items-delivery · validate · 1 of 1
-- Deploy   when no row holds it any more
-- Tool     pt-online-schema-change does this in production, where the table is large; then this file
--          is marked as run
-- Up       COPY, LOCK=SHARED on items while writing the table anew, 7–20 min, waits at most 2 s:
--          writes wait, reads go on but for both ends
-- Down     INSTANT on items, < 10 ms, waits at most 2 s · lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE items DROP CHECK ck_items_delivery_not_lost, ALGORITHM=INSTANT;
