-- Plan     move-customers-email · validate · 1 of 1
-- Deploy   when the fill is done; then deploy the code that reads the new place and still writes both
-- Up       no lock
-- Down     a comparison changes nothing: nothing to undo · lossless

-- a comparison changes nothing: nothing to undo
