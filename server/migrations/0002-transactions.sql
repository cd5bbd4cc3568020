-- Money lines and the accounts they stand on. Locks nothing that exists; instant on any database.

-- An account: where money sits, whatever brings its lines (a bank, a file, the API, later Stripe).
create table accounts (
  tenant_id uuid not null references tenants,
  id uuid not null,
  connection_id uuid not null,
  -- The bank's name, repeated here so that a line can say where it came from without asking the connection.
  bank_name text not null,
  name text not null,
  currency text not null,
  -- What tells the same account again after a reconnect: a digest of IBAN, BBAN or the like, plus currency.
  identity text not null,
  iban_last4 text,
  sealed_iban bytea,
  provider_account_id text,
  balance_minor bigint,
  balance_at timestamptz,
  first_seen_on date not null default current_date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, connection_id, identity)
);
alter table accounts enable row level security, force row level security;
create policy tenant on accounts to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on accounts to payymo_app;

create table transactions (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  -- The id callers gave or the provider's own; unique per account for rows posted by API only.
  external_id text,
  source text not null check (source in ('bank', 'file', 'stripe', 'api')),
  direction text not null check (direction in ('credit', 'debit')),
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null,
  status text not null default 'processed' check (status in ('pending', 'processed', 'ignored')),
  match_status text not null default 'unmatched'
    check (match_status in ('unmatched', 'suggested', 'matched', 'applied', 'transfer')),
  booked_on date not null,
  value_on date,
  -- The time a caller gave with the day, when one was given; banks give a day only.
  booked_at timestamptz not null,
  reference text not null default '',
  description text not null default '',
  counterparty_name text not null default '',
  counterparty_iban text,
  -- First stored, never recomputed: the transid of every payment this line makes derives from it (reliability 2).
  identity_key text not null,
  fingerprint text not null,
  missing_at_bank boolean not null default false,
  possible_duplicate_of uuid,
  allocated_minor bigint not null default 0,
  note text,
  provider_data json,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references accounts (tenant_id, id),
  check (allocated_minor between 0 and amount_minor)
);
create unique index transactions_posted on transactions (tenant_id, account_id, external_id) where source = 'api' and external_id is not null;
create unique index transactions_identity on transactions (tenant_id, account_id, identity_key);
create index transactions_by_day on transactions (tenant_id, account_id, booked_on);
create index transactions_by_update on transactions (tenant_id, updated_at, id);
-- What matching looks at: booked money in that nobody decided yet.
create index transactions_open on transactions (tenant_id, id)
  where direction = 'credit' and status = 'processed' and match_status in ('unmatched', 'suggested');
alter table transactions enable row level security, force row level security;
create policy tenant on transactions to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on transactions to payymo_app;

-- Every identifier ever seen for a line. Only kind internal (the provider's own content id within the account) is unique:
-- all other ids are reused by some bank (reliability 16).
create table transaction_aliases (
  tenant_id uuid not null,
  account_id uuid not null,
  kind text not null,
  value text not null,
  transaction_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, account_id, kind, value, transaction_id),
  foreign key (tenant_id, transaction_id) references transactions (tenant_id, id),
  foreign key (tenant_id, account_id) references accounts (tenant_id, id)
);
create unique index transaction_aliases_internal on transaction_aliases (tenant_id, account_id, value) where kind = 'internal';
create index transaction_aliases_of on transaction_aliases (tenant_id, transaction_id);
alter table transaction_aliases enable row level security, force row level security;
create policy tenant on transaction_aliases to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on transaction_aliases to payymo_app;
