-- A tenant's own credentials at GoCardless, Enable Banking and Stripe; they come before the platform's. Sealed as one text, and
-- never shown whole. Locks nothing that exists; instant on any database.
create table provider_credentials (
  tenant_id uuid not null references tenants,
  -- New with every change: what was built from former credentials is known by it.
  id uuid not null,
  provider text not null check (provider in ('gocardless', 'enablebanking', 'stripe')),
  sealed bytea not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, provider)
);
alter table provider_credentials enable row level security, force row level security;
create policy tenant on provider_credentials to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on provider_credentials to payymo_app;
