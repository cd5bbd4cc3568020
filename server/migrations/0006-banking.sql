-- Bank connections, the consents they live on, their syncs, and the calls banks allow us.
-- Locks nothing that exists; instant on any database.

create table bank_connections (
  tenant_id uuid not null references tenants,
  id uuid not null,
  provider text not null check (provider in ('gocardless', 'file')),
  name text not null,
  institution_id text,
  bank_name text not null,
  status text not null check (status in ('pending', 'active', 'expiring', 'expired', 'error', 'revoked')),
  sync_enabled boolean not null default true,
  consent_expires_at timestamptz,
  last_sync_at timestamptz,
  next_sync_at timestamptz,
  -- A new consent reads its whole history once; cleared when that is done, so that a crash before does not lose it.
  read_from date,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index bank_connections_due on bank_connections (next_sync_at) where next_sync_at is not null;
create index bank_connections_by_update on bank_connections (tenant_id, updated_at, id);
alter table bank_connections enable row level security, force row level security;
create policy tenant on bank_connections to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on bank_connections for select to payymo_directory using (true);
grant select, insert, update on bank_connections to payymo_app;
grant select (tenant_id, id, status, sync_enabled, next_sync_at) on bank_connections to payymo_directory;

-- One attempt to get a consent. The way back from the bank is found by a digest of the reference we chose.
create table bank_consents (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  requisition_id text not null,
  reference_digest bytea not null,
  redirect_url text not null,
  max_history_days int not null,
  access_days int not null,
  -- pending → linked or failed; ended once a later consent took over or the connection was revoked.
  status text not null default 'pending' check (status in ('pending', 'linked', 'failed', 'ended')),
  error text,
  returned_at timestamptz,
  expires_at timestamptz not null,
  next_poll_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, connection_id) references bank_connections (tenant_id, id)
);
create unique index bank_consents_reference on bank_consents (reference_digest);
create index bank_consents_due on bank_consents (next_poll_at) where status = 'pending';
alter table bank_consents enable row level security, force row level security;
create policy tenant on bank_consents to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on bank_consents for select to payymo_directory using (true);
grant select, insert, update on bank_consents to payymo_app;
grant select (tenant_id, id, reference_digest, status, next_poll_at) on bank_consents to payymo_directory;

create table bank_syncs (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'done', 'failed')),
  started_at timestamptz,
  finished_at timestamptz,
  created int not null default 0,
  updated int not null default 0,
  error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, connection_id) references bank_connections (tenant_id, id)
);
create index bank_syncs_by_connection on bank_syncs (tenant_id, connection_id, id);
alter table bank_syncs enable row level security, force row level security;
create policy tenant on bank_syncs to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on bank_syncs to payymo_app;

-- Calls that counted against a bank's allowance: four a day per account and kind, also across restarts (reliability 17).
create table bank_calls (
  tenant_id uuid not null,
  account_id uuid not null,
  scope text not null check (scope in ('transactions', 'balances', 'details')),
  at timestamptz not null default now(),
  -- Set when the bank said "not before": as good as a used-up allowance until then.
  blocked_until timestamptz,
  foreign key (tenant_id, account_id) references accounts (tenant_id, id)
);
create index bank_calls_recent on bank_calls (tenant_id, account_id, scope, at);
alter table bank_calls enable row level security, force row level security;
create policy tenant on bank_calls to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, delete on bank_calls to payymo_app;

-- Statement files taken in.
create table imports (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  format text not null,
  accounts int not null,
  entries int not null,
  created int not null,
  duplicates int not null,
  balance_check text not null check (balance_check in ('ok', 'gap', 'overlap', 'unknown')),
  balance_difference text,
  mapping json,
  rejected json not null default '[]',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, connection_id) references bank_connections (tenant_id, id)
);
alter table imports enable row level security, force row level security;
create policy tenant on imports to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on imports to payymo_app;
