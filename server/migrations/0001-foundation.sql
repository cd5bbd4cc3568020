-- Tenants and their keys, the secrets' keys, events and the audit trail: what every later table stands on.
-- Locks nothing that exists; instant on any database.
--
-- Every tenant table has tenant_id first in each primary, unique and foreign key, row-level security forced, and one
-- policy for payymo_app on the transaction's tenant. payymo_directory reads, over all tenants, only the columns granted to
-- it: what is needed before the tenant is known.

create table installation_secrets (
  name text primary key,
  sealed bytea not null,
  created_at timestamptz not null default now()
);
comment on table installation_secrets is 'Secrets of the whole installation, wrapped by a key from outside the database';
grant select on installation_secrets to payymo_app, payymo_directory;

create table tenants (
  tenant_id uuid primary key,
  parent_id uuid references tenants,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null,
  kind text not null check (kind in ('customer', 'partner')),
  tier text not null default 'standard' check (tier in ('standard', 'premium')),
  environment text not null default 'live' check (environment in ('live', 'sandbox')),
  status text not null default 'active' check (status in ('active', 'suspended', 'deleted')),
  settings json not null default '{}',
  branding json not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table tenants enable row level security, force row level security;
create policy tenant on tenants to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on tenants for select to payymo_directory using (true);
grant select, insert, update on tenants to payymo_app;
grant select (tenant_id, parent_id, slug, kind, tier, environment, status) on tenants to payymo_directory;

-- Data keys: one per tenant and version, wrapped by a key-encryption key named by id (reliability 27).
create table data_keys (
  tenant_id uuid not null references tenants,
  id uuid not null,
  kek_id text not null,
  wrapped bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
alter table data_keys enable row level security, force row level security;
create policy tenant on data_keys to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on data_keys for select to payymo_directory using (true);
grant select, insert, update on data_keys to payymo_app;
grant select (tenant_id, kek_id) on data_keys to payymo_directory;

create table api_keys (
  tenant_id uuid not null references tenants,
  id uuid not null,
  key_id text not null,
  digest bytea not null,
  pepper_id text not null,
  name text not null,
  permissions text[] not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
-- The one look-up before the tenant is known: from the public part of a key.
create unique index api_keys_key_id on api_keys (key_id);
alter table api_keys enable row level security, force row level security;
create policy tenant on api_keys to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on api_keys for select to payymo_directory using (true);
grant select, insert, update on api_keys to payymo_app;
grant select (tenant_id, id, key_id) on api_keys to payymo_directory;

-- Events: what happened, with the body fixed once. Subscribers read it, webhooks deliver these very bytes.
create table events (
  tenant_id uuid not null references tenants,
  id uuid not null,
  type text not null,
  resource_id text not null,
  body text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index events_by_resource on events (tenant_id, resource_id, id);
alter table events enable row level security, force row level security;
create policy tenant on events to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on events to payymo_app;

-- The audit trail: a sequence and a hash chain per tenant (reliability 40). The app can add, never change or remove.
create table audit_heads (
  tenant_id uuid primary key references tenants,
  sequence bigint not null,
  hash bytea not null
);
alter table audit_heads enable row level security, force row level security;
create policy tenant on audit_heads to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on audit_heads to payymo_app;

create table audit_events (
  tenant_id uuid not null references tenants,
  sequence bigint not null,
  id uuid not null,
  -- The row as text, exactly as it was hashed: at, actor, action, resource, changes, ip, request_id.
  entry json not null,
  at timestamptz not null,
  action text not null,
  resource_id text,
  hash bytea not null,
  primary key (tenant_id, sequence),
  unique (tenant_id, id)
);
create index audit_events_by_resource on audit_events (tenant_id, resource_id, sequence);
alter table audit_events enable row level security, force row level security;
create policy tenant on audit_events to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on audit_events to payymo_app;
