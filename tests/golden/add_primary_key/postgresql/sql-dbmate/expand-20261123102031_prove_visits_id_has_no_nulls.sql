-- Plan     make-visits-id-the-primary-key · expand · 2 of 4
-- Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
-- Up       SHARE UPDATE EXCLUSIVE on visits while reading every row, 1–4 min: reads and writes go on
-- Down     nothing to do: visits_id_required stays validated, which harms nothing · lossless

-- migrate:up
ALTER TABLE visits VALIDATE CONSTRAINT visits_id_required;

-- migrate:down
-- visits_id_required stays validated, which harms nothing
