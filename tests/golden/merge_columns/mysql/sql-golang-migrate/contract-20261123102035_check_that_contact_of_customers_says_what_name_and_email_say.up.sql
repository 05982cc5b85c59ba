-- Plan     merge-customers-contact · contract · 2 of 5 · data only
-- Deploy   a release later, when every running instance uses only contact
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

DO CASE WHEN EXISTS (
    SELECT id FROM customers WHERE NOT (CAST(name AS binary) <=> CAST(substring_index(contact, ' <', 1) AS binary)) OR NOT (CAST(email AS binary) <=> CAST(nullif(substr(trim(trailing '>' from contact), char_length(substring_index(contact, ' <', 1)) + 3), '') AS binary)) LIMIT 5
) THEN UUID_TO_BIN('name and email of customers hold values that contact would not bring back: mend them, in either form') END;
