-- Plan     prove-ck-visits-seconds-of-visits · validate · 1 of 1
-- Deploy   at any time
-- Up       SHARE UPDATE EXCLUSIVE on visits while reading every row, 1–4 min: reads and writes go on
-- Down     nothing to do: ck_visits_seconds stays validated, which harms nothing · lossless

-- migrate:up
ALTER TABLE visits VALIDATE CONSTRAINT ck_visits_seconds;

-- migrate:down
-- ck_visits_seconds stays validated, which harms nothing
