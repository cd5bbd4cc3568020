-- What keeps late answers of Stripe from undoing newer ones, where a walk of the ledger stands, and what the provider took back of a
-- line. Columns with constant defaults on tables that are empty, and one on transactions: instant on any database, under a lock
-- held for that instant.

-- When the reading began that brought the row, by this database's clock: an answer that began earlier changes nothing.
alter table stripe_charges add column read_at timestamptz not null default '-infinity';
alter table stripe_returns add column read_at timestamptz not null default '-infinity';

-- A decision of people rests on what Stripe no longer says: looked at again after each reading.
alter table stripe_charges add column unsettled boolean not null default false;
create index stripe_charges_unsettled on stripe_charges (tenant_id, connection_id, external_id) where unsettled;

-- When people were told that this money went back of a charge that pays an invoice.
alter table stripe_returns add column told_at timestamptz;

-- Charges that name no invoice themselves and whose surroundings nobody read yet.
create index stripe_charges_unnamed on stripe_charges (tenant_id, connection_id, occurred_at) where not looked_around;
-- What is read again each night, the longest unread first.
create index stripe_charges_unread on stripe_charges (tenant_id, connection_id, read_at)
  where status = 'pending' or (status = 'succeeded' and balance_transaction_id is null);

alter table stripe_connections
  -- How far down the present walk goes, where that is not `backfill_from`: after its cursor was lost.
  add column walk_from timestamptz,
  -- Charges are read newest first: how far a walk has come that did not end, and when that walk began.
  add column charges_before text,
  add column charges_walk_at timestamptz;

-- Stripe allows reads by how many payments there are: new charges, counted on the day they were found.
alter table stripe_reads add column charges int not null default 0;
grant select (charges) on stripe_reads to payymo_directory;

-- Whether the provider says that this money did not come or went back: it stays set aside, whatever a person says.
alter table transactions add column void boolean not null default false;
