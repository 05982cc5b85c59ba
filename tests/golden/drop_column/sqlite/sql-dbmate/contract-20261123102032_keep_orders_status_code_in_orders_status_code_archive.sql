-- Plan     drop-orders-status-code · contract · 3 of 5 · data only
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       row locks on all changed rows until it is done: one statement
-- Down     nothing to do: the rows go with orders_status_code_archive · lossless

-- migrate:up
PRAGMA busy_timeout = 2000;
INSERT INTO orders_status_code_archive (id, status_code) SELECT id, status_code FROM orders WHERE status_code IS NOT 'new' ON CONFLICT DO NOTHING;

-- migrate:down
-- the rows go with orders_status_code_archive
