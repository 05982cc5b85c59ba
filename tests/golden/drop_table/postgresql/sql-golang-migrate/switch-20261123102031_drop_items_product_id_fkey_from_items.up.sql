-- Plan     drop-items · switch · 2 of 3
-- Deploy   when nothing uses items any more
-- Up       ACCESS EXCLUSIVE on products and items, < 10 ms, waits at most 2 s
-- Down     SHARE ROW EXCLUSIVE on products and items, < 10 ms, waits at most 2 s · lossless until a
--          row of products is deleted to which one of items points

BEGIN;

SET LOCAL lock_timeout = '2s';
LOCK TABLE products, items IN ACCESS EXCLUSIVE MODE;
ALTER TABLE items DROP CONSTRAINT items_product_id_fkey;

COMMIT;
