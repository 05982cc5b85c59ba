-- Plan     drop-items · switch · 2 of 3
-- Deploy   when nothing uses items any more
-- Up       INPLACE, LOCK=NONE on products and items, < 10 ms, waits at most 2 s
-- Down     INPLACE, LOCK=NONE on products and items, < 10 ms, waits at most 2 s · lossless until a row
--          of products is deleted to which one of items points

-- migrate:up
SET SESSION lock_wait_timeout = 2;
ALTER TABLE items DROP FOREIGN KEY items_product_id_fkey, ALGORITHM=INPLACE, LOCK=NONE;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
DO CASE WHEN EXISTS (
    SELECT child.id FROM items AS child WHERE child.product_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM products AS parent WHERE parent.id = child.product_id) LIMIT 5
) THEN UUID_TO_BIN('rows of items point to rows of products that do not exist') END;
SET SESSION foreign_key_checks = 0;
ALTER TABLE items
    ADD CONSTRAINT items_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (id), ALGORITHM=INPLACE, LOCK=NONE;
SET SESSION foreign_key_checks = 1;
