-- Plan     drop-items · switch · 2 of 3
-- Deploy   when nothing uses items any more
-- Up       INSTANT on items, < 10 ms, waits at most 2 s
-- Down     INSTANT on items, < 10 ms, waits at most 2 s · lossless until a row of products is deleted
--          to which one of items points
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

SET SESSION lock_wait_timeout = 2;
BEGIN NOT ATOMIC
    IF EXISTS (
        SELECT child.id FROM items AS child WHERE child.product_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM products AS parent WHERE parent.id = child.product_id) LIMIT 5
    ) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'rows of items point to rows of products that do not exist';
    END IF;
END;
SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE items ADD CONSTRAINT items_product_id_fkey FOREIGN KEY (product_id) REFERENCES products (id), ALGORITHM=INSTANT;
