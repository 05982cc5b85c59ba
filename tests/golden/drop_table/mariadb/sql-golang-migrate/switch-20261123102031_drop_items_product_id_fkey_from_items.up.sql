-- Plan     drop-items · switch · 2 of 3
-- Deploy   when nothing uses items any more
-- Up       INSTANT on items, < 10 ms, waits at most 2 s
-- Down     INSTANT on items, < 10 ms, waits at most 2 s · lossless until a row of products is deleted
--          to which one of items points
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
ALTER TABLE items DROP FOREIGN KEY items_product_id_fkey, ALGORITHM=INSTANT;
