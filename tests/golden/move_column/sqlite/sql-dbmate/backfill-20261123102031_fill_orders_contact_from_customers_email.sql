-- Plan     move-customers-email · backfill · 1 of 1 · data only
-- Deploy   when every running instance writes both customers.email and orders.contact
-- Up       row locks on all changed rows until it is done: one statement
-- Down     customers.email still holds everything: nothing to undo · lossless

-- migrate:up
PRAGMA busy_timeout = 2000;
UPDATE orders
    SET contact = customers.email
    FROM customers
    WHERE customers.id = orders.customer_id AND orders.contact IS NOT customers.email;

-- migrate:down
-- customers.email still holds everything: nothing to undo
