-- How far back an account is read when it is connected, where somebody wants another number of days than usual. A column without a
-- default: no row is rewritten, a lock of milliseconds.
alter table stripe_connections add column backfill_days smallint
  constraint stripe_connections_backfill_days check (backfill_days between 1 and 730);
