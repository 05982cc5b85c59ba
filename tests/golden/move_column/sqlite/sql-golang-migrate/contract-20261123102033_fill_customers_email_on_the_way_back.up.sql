-- Plan     move-customers-email · contract · 1 of 2 · data only
-- Deploy   a release later, when every running instance uses only orders.contact
-- Up       no lock
-- Down     row locks on all changed rows until it is done: one statement · lossless

-- only the downgrade has work to do: it copies orders.contact back
