-- Plan     split-customers-name · contract · 2 of 4 · data only
-- Deploy   a release later, when every running instance uses only first_name and last_name
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

DO CASE WHEN EXISTS (
    SELECT id FROM customers WHERE NOT (CAST(name AS binary) <=> CAST(concat_ws(' ', first_name, last_name) AS binary)) LIMIT 5
) THEN UUID_TO_BIN('name of customers holds values that first_name and last_name would not bring back: mend them, in either form') END;
