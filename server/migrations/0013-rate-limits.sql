-- Counters of calls (contract 3.5): one row for each limit that somebody used within the last minutes. Without REDIS_URL all
-- processes count here. Locks nothing that exists; instant on any database.
--
-- Not a tenant's data, and on purpose without a tenant_id and without policies: a call is counted before anything about it is
-- looked up, many callers have no tenant (addresses, attempts to sign in), and the subject is a digest that tells nobody who it
-- stands for. No secret and no reference leads from here to a tenant's rows or back.
--
-- Unlogged: after a crash everybody starts from zero, which is the price of commits that write no log and so wait for no disk.
-- Half of each page stays free, so that a hot row is renewed within its page and without touching the index.
create unlogged table rate_cells (
  subject text primary key,
  -- Unix milliseconds by the database clock, a whole second: when the present cell of a minute began.
  started_ms bigint not null,
  -- Calls admitted in the minute before the present cell, and in the present one.
  previous int not null,
  current int not null
) with (fillfactor = 50);
grant select, insert, update, delete on rate_cells to payymo_app;
