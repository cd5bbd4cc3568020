-- Answers that happen once (reliability 19): which request used which Idempotency-Key, whether it took effect, what it answered.
-- Locks nothing that exists; instant on any database.
--
-- A row belongs to the tenant that called (the operator's calls to the operator's own tenant), while a change may be another
-- tenant's, as when the operator makes a tenant. The marker that a change happened must commit with that change and nowhere else,
-- so the transaction that writes it names the caller's tenant for that one statement and then its own again. A table without
-- tenant_id would have spared that, at the price of the only tenant data outside the policies.
create table idempotency_keys (
  tenant_id uuid not null references tenants,
  -- SHA-256 of the key: callers put order numbers and addresses into it, and nobody needs to read it back.
  key_digest bytea not null,
  -- SHA-256 of method, route, path, query, body and actor: the same key with anything else is another request.
  fingerprint bytea not null,
  operation text not null,
  -- Whoever runs the request: another try may take over when the lease has run out, and raises the fence.
  fence bigint not null default 1,
  lease_until timestamptz not null,
  -- Written in the transaction of the effect itself: with it the request is never carried out a second time.
  effect_at timestamptz,
  changes int not null default 0,
  resource_type text,
  resource_id text,
  -- Status, headers and body, without fields that hold a new secret; encrypted, for bodies hold names and addresses of people.
  answered_at timestamptz,
  sealed_answer bytea,
  created_at timestamptz not null default now(),
  keep_until timestamptz not null default now() + interval '72 hours',
  primary key (tenant_id, key_digest),
  check ((answered_at is null) = (sealed_answer is null))
);
-- Not led by the tenant on purpose: the sweep asks over all tenants what is over.
create index idempotency_keys_over on idempotency_keys (keep_until, tenant_id);
alter table idempotency_keys enable row level security, force row level security;
create policy tenant on idempotency_keys to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on idempotency_keys for select to payymo_directory using (true);
grant select, insert, update, delete on idempotency_keys to payymo_app;
grant select (tenant_id, keep_until) on idempotency_keys to payymo_directory;
