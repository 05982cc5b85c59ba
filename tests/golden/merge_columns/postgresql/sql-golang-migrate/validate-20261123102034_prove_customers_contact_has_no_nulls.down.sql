-- Plan     merge-customers-contact · validate · 2 of 3
-- Deploy   when the fill is done; then deploy the code that uses only contact
-- Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
--          on
-- Down     nothing to do: customers_contact_required stays validated, which harms nothing · lossless

-- customers_contact_required stays validated, which harms nothing
