-- Plan     move-customers-email · contract · 1 of 2 · data only
-- Deploy   a release later, when every running instance uses only orders.contact
-- Up       no lock
-- Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
--          lossless
-- Runner   sends the file whole: the database URL must say multiStatements=true, and must not say
--          x-multi-statement=true

-- only the downgrade has work to do: it copies orders.contact back
