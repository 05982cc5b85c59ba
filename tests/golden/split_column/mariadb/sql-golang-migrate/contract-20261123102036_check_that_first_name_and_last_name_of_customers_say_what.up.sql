-- Plan     split-customers-name · contract · 2 of 4 · data only
-- Deploy   a release later, when every running instance uses only first_name and last_name
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless

BEGIN NOT ATOMIC
    IF EXISTS (
        SELECT id FROM customers WHERE NOT (CAST(name AS binary) <=> CAST(concat_ws(' ', first_name, last_name) AS binary)) LIMIT 5
    ) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'name of customers holds values that first_name and last_name would not bring back: mend them, in either form';
    END IF;
END;
