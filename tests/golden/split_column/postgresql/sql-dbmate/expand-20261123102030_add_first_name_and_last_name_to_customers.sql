-- Plan     split-customers-name · expand · 1 of 2
-- Deploy   before the deploy of the code that uses first_name and last_name
-- Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
-- Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless

-- migrate:up
SET LOCAL lock_timeout = '2s';
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM customers WHERE name IS DISTINCT FROM concat_ws(' ', split_part(name, ' ', 1), nullif(substr(name, length(split_part(name, ' ', 1)) + 2), '')) LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'name of customers holds values that do not come back as they were from first_name and last_name: mend them, write other expressions, or accept it with --normalise',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
DO $migwiz$
BEGIN
    IF EXISTS (
        SELECT id FROM customers WHERE NOT (char_length(nullif(substr(name, length(split_part(name, ' ', 1)) + 2), '')) <= 80) LIMIT 5
    ) THEN
        RAISE EXCEPTION USING
            MESSAGE = 'name of customers makes texts that are too long for last_name (character varying(80)): choose a wider type, or mend them',
            ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$migwiz$;
-- name holds every value too
ALTER TABLE customers ADD COLUMN first_name text;
-- name holds every value too
ALTER TABLE customers ADD COLUMN last_name varchar(80);

-- migrate:down
SET LOCAL lock_timeout = '2s';
ALTER TABLE customers DROP COLUMN last_name;
ALTER TABLE customers DROP COLUMN first_name;
