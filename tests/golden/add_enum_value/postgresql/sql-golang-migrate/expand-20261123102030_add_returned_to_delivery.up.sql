-- Plan     add-returned-to-delivery · expand · 1 of 1
-- Deploy   after the deploy of the code that can read returned, before the one that writes it
-- Up       no lock
-- Down     nothing to do: the value returned stays in delivery, which harms nothing · lossless

BEGIN;

ALTER TYPE delivery ADD VALUE IF NOT EXISTS 'returned' BEFORE 'lost';

COMMIT;
