-- Plan     drop-lost-from-items-delivery · validate · 1 of 1
-- Deploy   when no row holds it any more
-- Tool     pt-online-schema-change does this in production, where the table is large; then this file
--          is marked as run
-- Up       COPY, LOCK=SHARED on items while writing the table anew, 7–20 min, waits at most 2 s:
--          writes wait, reads go on but for both ends
-- Down     INSTANT on items, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET SESSION lock_wait_timeout = 2;
DO CASE WHEN EXISTS (
    SELECT id FROM items WHERE NOT (delivery <> 'lost') LIMIT 5
) THEN UUID_TO_BIN('items holds rows for which delivery <> ''lost'' does not hold: mend them before ck_items_delivery_not_lost forbids them') END;
ALTER TABLE items
    ADD CONSTRAINT ck_items_delivery_not_lost
    CHECK (delivery <> 'lost'), ALGORITHM=COPY, LOCK=SHARED;

-- migrate:down
SET SESSION lock_wait_timeout = 2;
ALTER TABLE items DROP CHECK ck_items_delivery_not_lost, ALGORITHM=INSTANT;
