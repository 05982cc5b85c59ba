-- Plan     move-customers-email · contract · 1 of 2 · data only
-- Deploy   a release later, when every running instance uses only orders.contact
-- Up       no lock
-- Down     row locks on all changed rows until it is done: one statement · lossless

PRAGMA busy_timeout = 2000;
UPDATE customers
    SET email = orders.contact
    FROM orders
    WHERE customers.id = orders.customer_id AND NOT EXISTS (SELECT 1 FROM orders AS earlier WHERE earlier.customer_id = orders.customer_id AND earlier.id < orders.id) AND orders.contact IS NOT customers.email;
