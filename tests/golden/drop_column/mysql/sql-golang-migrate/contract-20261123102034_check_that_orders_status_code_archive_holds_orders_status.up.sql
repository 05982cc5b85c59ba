-- Plan     drop-orders-status-code · contract · 5 of 6 · data only
-- Deploy   a release later, when no running instance names orders.status_code
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

DO CASE WHEN EXISTS (
    SELECT source.id FROM orders AS source LEFT JOIN orders_status_code_archive AS kept ON kept.id = source.id WHERE NOT (CAST(source.status_code AS binary) <=> CAST(CASE WHEN kept.id IS NULL THEN 'new' ELSE kept.status_code END AS binary)) LIMIT 5
) THEN UUID_TO_BIN('orders_status_code_archive does not hold every value of orders.status_code: something still writes the column') END;
