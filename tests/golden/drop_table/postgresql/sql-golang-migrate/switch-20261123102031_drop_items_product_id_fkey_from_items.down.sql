-- Plan     drop-items · switch · 2 of 3
-- Deploy   when nothing uses items any more
-- Up       ACCESS EXCLUSIVE on products and items, < 10 ms, waits at most 2 s
-- Down     SHARE ROW EXCLUSIVE on products and items, < 10 ms, waits at most 2 s · lossless until a
--          row of products is deleted to which one of items points

BEGIN;

SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT child.id FROM items AS child WHERE child.product_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM products AS parent WHERE parent.id = child.product_id) LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'rows of items point to rows of products that do not exist',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
LOCK TABLE products, items IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE items
    ADD CONSTRAINT items_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (id) NOT VALID;

COMMIT;
