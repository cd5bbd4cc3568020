-- Each event of Stripe names an account: it is found by an index, not by reading all connections. And two columns that nobody came to
-- use go. Few rows; a lock of milliseconds on each table.
create index stripe_connections_by_account on stripe_connections (account_id, livemode) where account_id is not null;
alter table payouts drop column bank_looked_at;
alter table stripe_states drop column binding_digest;
