-- Plan     merge-customers-contact · contract · 2 of 5 · data only
-- Deploy   a release later, when every running instance uses only contact
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless

BEGIN NOT ATOMIC
    IF EXISTS (
        SELECT id FROM customers WHERE NOT (CAST(name AS binary) <=> CAST(substring_index(contact, ' <', 1) AS binary)) OR NOT (CAST(email AS binary) <=> CAST(nullif(substr(trim(trailing '>' from contact), char_length(substring_index(contact, ' <', 1)) + 3), '') AS binary)) LIMIT 5
    ) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'name and email of customers hold values that contact would not bring back: mend them, in either form';
    END IF;
END;
