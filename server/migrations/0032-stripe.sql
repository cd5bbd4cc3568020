-- Stripe: connections, the ledger and what describes it, payouts, and events that came in. Ids of Stripe are kept as it gives
-- them; amounts in the smallest unit of their currency by ISO 4217, whatever Stripe counts in. Locks nothing that exists but one
-- index on transactions, which is empty (nothing came from Stripe yet): instant on any database.

create table stripe_connections (
  tenant_id uuid not null references tenants,
  id uuid not null,
  kind text not null check (kind in ('connect_oauth', 'restricted_key')),
  -- Null until the account is known. What tells one account and mode from another: `acct_…|live` or `acct_…|test`.
  account_id text,
  account text,
  account_name text,
  country text,
  default_currency text,
  livemode boolean not null,
  -- As granted, which may differ from what was asked for.
  scope text,
  status text not null default 'pending' check (status in ('pending', 'active', 'error', 'disconnected')),
  error_code text,
  error_message text,
  -- Restricted keys only; a connected account is called with the platform's key.
  sealed_api_key bytea,
  sealed_webhook_secret bytea,
  missing_permissions text[] not null default '{}',
  connected_at timestamptz,
  disconnected_at timestamptz,
  disconnect_reason text,
  last_sync_at timestamptz,
  next_sync_at timestamptz,
  -- One sync at a time, whoever asks.
  sync_until timestamptz,
  -- Walking the ledger: the first run pages down from the newest row (`ledger_top`, kept meanwhile) to `backfill_from`, below
  -- `backfill_before`; from then on it pages up from `ledger_cursor`.
  backfill_from timestamptz,
  backfill_before text,
  ledger_top text,
  backfilled_at timestamptz,
  ledger_cursor text,
  charges_from timestamptz,
  deep_at timestamptz,
  -- When Stripe last sent an event; while it does, polling is rare.
  webhook_at timestamptz,
  events_from timestamptz,
  quiet_syncs int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
-- An account belongs to one tenant at a time.
create unique index stripe_connections_account on stripe_connections (account) where account is not null and status in ('active', 'error');
create index stripe_connections_due on stripe_connections (next_sync_at) where next_sync_at is not null;
create index stripe_connections_by_update on stripe_connections (tenant_id, updated_at, id);
alter table stripe_connections enable row level security, force row level security;
create policy tenant on stripe_connections to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on stripe_connections for select to payymo_directory using (true);
grant select, insert, update on stripe_connections to payymo_app;
-- Which tenant an event, a callback or a due sync belongs to.
grant select (tenant_id, id, kind, account_id, livemode, status, next_sync_at, sync_until) on stripe_connections to payymo_directory;

-- One try to connect by OAuth. The way back is found by a digest; a browser also shows a second random value (`binding`).
create table stripe_states (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  state_digest bytea not null,
  binding_digest bytea,
  -- Who began: an actor as the audit trail names it.
  actor json not null,
  livemode boolean not null,
  redirect_url text not null,
  -- `caller`: Stripe sends the browser to redirect_url, and the caller posts code and state. `browser`: Stripe sends it to us.
  way text not null check (way in ('caller', 'browser')),
  expires_at timestamptz not null,
  consumed_at timestamptz,
  outcome text check (outcome in ('connected', 'declined', 'failed')),
  error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, connection_id) references stripe_connections (tenant_id, id)
);
create unique index stripe_states_digest on stripe_states (state_digest);
alter table stripe_states enable row level security, force row level security;
create policy tenant on stripe_states to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on stripe_states for select to payymo_directory using (true);
grant select, insert, update on stripe_states to payymo_app;
grant select (tenant_id, id, state_digest) on stripe_states to payymo_directory;

-- Balance transactions: every movement of money at Stripe, as Stripe wrote it. Only `status`, `available_on` and the payout change.
create table stripe_ledger (
  tenant_id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  type text not null,
  category text not null,
  amount_minor bigint not null,
  fee_minor bigint not null,
  net_minor bigint not null,
  currency text not null,
  exchange_rate text,
  source_id text,
  -- The charge it is about: the source itself, or what was refunded or disputed.
  charge_id text,
  payout_id uuid,
  status text not null,
  available_on date,
  occurred_at timestamptz not null,
  description text not null default '',
  fee_details json not null default '[]',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, connection_id, external_id),
  foreign key (tenant_id, connection_id) references stripe_connections (tenant_id, id)
);
create index stripe_ledger_by_payout on stripe_ledger (tenant_id, payout_id) where payout_id is not null;
create index stripe_ledger_by_time on stripe_ledger (tenant_id, connection_id, currency, occurred_at);
create index stripe_ledger_by_source on stripe_ledger (tenant_id, connection_id, source_id);
create index stripe_ledger_by_charge on stripe_ledger (tenant_id, connection_id, charge_id) where charge_id is not null;
alter table stripe_ledger enable row level security, force row level security;
create policy tenant on stripe_ledger to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on stripe_ledger to payymo_app;

-- Charges, as last read: what the ledger's rows are about. `transaction_id`: the line of money it became.
create table stripe_charges (
  tenant_id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  transaction_id uuid,
  payment_intent_id text,
  customer_id text,
  session_ids text[] not null default '{}',
  balance_transaction_id text,
  -- As charged, in the currency of the customer.
  amount_minor bigint not null,
  captured_minor bigint not null,
  refunded_minor bigint not null,
  currency text not null,
  status text not null,
  captured boolean not null,
  disputed boolean not null,
  payer_name text not null default '',
  payer_email text not null default '',
  description text not null default '',
  descriptor text not null default '',
  method text,
  failure text,
  -- What may name an invoice, strongest first: `[{"from", "value"}]`.
  names json not null default '[]',
  -- The objects beside the charge that may name it were read too.
  looked_around boolean not null default false,
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, connection_id, external_id),
  foreign key (tenant_id, connection_id) references stripe_connections (tenant_id, id),
  foreign key (tenant_id, transaction_id) references transactions (tenant_id, id)
);
create index stripe_charges_by_transaction on stripe_charges (tenant_id, transaction_id);
create index stripe_charges_by_intent on stripe_charges (tenant_id, connection_id, payment_intent_id);
create index stripe_charges_open on stripe_charges (tenant_id, connection_id, external_id) where status = 'pending' or (status = 'succeeded' and balance_transaction_id is null);
alter table stripe_charges enable row level security, force row level security;
create policy tenant on stripe_charges to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on stripe_charges to payymo_app;

-- Money that went back: refunds and disputes, as last read.
create table stripe_returns (
  tenant_id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  kind text not null check (kind in ('refund', 'dispute')),
  charge_id text not null,
  transaction_id uuid,
  amount_minor bigint not null,
  currency text not null,
  status text not null,
  reason text,
  -- Whether its end is still to come: it is read again.
  final boolean not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, connection_id, external_id),
  foreign key (tenant_id, connection_id) references stripe_connections (tenant_id, id),
  foreign key (tenant_id, transaction_id) references transactions (tenant_id, id)
);
create index stripe_returns_by_charge on stripe_returns (tenant_id, connection_id, charge_id);
create index stripe_returns_open on stripe_returns (tenant_id, connection_id, external_id) where not final;
alter table stripe_returns enable row level security, force row level security;
create policy tenant on stripe_returns to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on stripe_returns to payymo_app;

-- Money that Stripe sends to the bank (or, below zero, takes from it), what it is made of, and its line on the bank account.
create table payouts (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  -- Its own row of the ledger, and the one that gave the money back.
  balance_transaction_id text,
  failure_balance_transaction_id text,
  amount_minor bigint not null,
  currency text not null,
  status text not null,
  automatic boolean not null,
  method text,
  -- Whether it goes to a bank account that a line may be expected on.
  to_bank boolean not null default true,
  arrival_on date not null,
  descriptor text not null default '',
  trace_id text,
  destination_last4 text,
  reconciliation_status text,
  failure_code text,
  failure_message text,
  -- `open`: not known yet; `itemised`: Stripe listed it; `deduced`: the only reading of the ledger that adds up; `unexplained`:
  -- nothing adds up to it, or more than one thing does.
  composition text not null default 'open' check (composition in ('open', 'itemised', 'deduced', 'unexplained')),
  composed_at timestamptz,
  items int,
  items_total_minor bigint,
  fees_total_minor bigint,
  difference_minor bigint,
  bank_transaction_id uuid,
  -- How the bank's line was found, or that a person said so.
  bank_found_by text,
  bank_looked_at timestamptz,
  reconciled_at timestamptz,
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, connection_id, external_id),
  foreign key (tenant_id, connection_id) references stripe_connections (tenant_id, id),
  foreign key (tenant_id, bank_transaction_id) references transactions (tenant_id, id)
);
-- A line of the bank is one payout. (Several in one line wait for a person.)
create unique index payouts_bank_line on payouts (tenant_id, bank_transaction_id) where bank_transaction_id is not null;
create index payouts_by_update on payouts (tenant_id, updated_at, id);
create index payouts_by_arrival on payouts (tenant_id, connection_id, arrival_on);
create index payouts_unfound on payouts (tenant_id, arrival_on) where bank_transaction_id is null and to_bank;
alter table payouts enable row level security, force row level security;
create policy tenant on payouts to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on payouts to payymo_app;
alter table stripe_ledger add foreign key (tenant_id, payout_id) references payouts (tenant_id, id);

-- Events of Stripe, each kept once. They are hints: what they are about is read again, so nothing more of them is kept.
create table stripe_events (
  tenant_id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  type text not null,
  object_id text,
  occurred_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'ignored', 'failed')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, connection_id, external_id),
  foreign key (tenant_id, connection_id) references stripe_connections (tenant_id, id)
);
create index stripe_events_waiting on stripe_events (tenant_id, connection_id, next_attempt_at) where state = 'waiting';
create index stripe_events_old on stripe_events (tenant_id, created_at);
alter table stripe_events enable row level security, force row level security;
create policy tenant on stripe_events to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on stripe_events for select to payymo_directory using (true);
grant select, insert, update, delete on stripe_events to payymo_app;
grant select (tenant_id, connection_id, state, next_attempt_at, created_at) on stripe_events to payymo_directory;

-- Reads are metered by Stripe, 30 days back and for the whole platform: counted by day (reliability 17).
create table stripe_reads (
  tenant_id uuid not null,
  connection_id uuid not null,
  day date not null,
  reads int not null default 0,
  primary key (tenant_id, connection_id, day),
  foreign key (tenant_id, connection_id) references stripe_connections (tenant_id, id)
);
alter table stripe_reads enable row level security, force row level security;
create policy tenant on stripe_reads to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on stripe_reads for select to payymo_directory using (true);
grant select, insert, update, delete on stripe_reads to payymo_app;
grant select (tenant_id, connection_id, day, reads) on stripe_reads to payymo_directory;

-- Stripe's ids are its own: one line for each, whatever tells of it.
create unique index transactions_of_stripe on transactions (tenant_id, account_id, external_id) where source = 'stripe';
