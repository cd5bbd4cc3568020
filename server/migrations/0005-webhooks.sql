-- Where tenants want to hear of events, and each event on its way there. Holds up writers of events while their new index
-- is built: about a second per million.

create table webhooks (
  tenant_id uuid not null references tenants,
  id uuid not null,
  url text not null,
  -- Types, `noun.*` or `*`.
  events text[] not null,
  active boolean not null default true,
  -- Why Payymo switched it off: `gone` (it answered 410) or `failing` (five days without a success).
  disabled_reason text check (disabled_reason in ('gone', 'failing')),
  sealed_secret bytea,
  -- The secret before the last rotation signs along until this moment.
  sealed_previous bytea,
  previous_until timestamptz,
  -- The first failure since the last success; empty while all is well.
  failing_since timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check ((sealed_secret is null) = (deleted_at is not null)),
  check (deleted_at is null or not active)
);
alter table webhooks enable row level security, force row level security;
create policy tenant on webhooks to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on webhooks for select to payymo_directory using (true);
grant select, insert, update on webhooks to payymo_app;
grant select (tenant_id, id, failing_since) on webhooks to payymo_directory;

-- A delivery is pending until it is delivered, dead (all tries used up) or failed (stopped). A worker that takes one moves
-- due_at to the end of its lease: whatever is pending and due is free to take, whether it waited for its time or its
-- worker died.
create table deliveries (
  tenant_id uuid not null,
  id uuid not null,
  webhook_id uuid not null,
  event_id uuid not null,
  event_type text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed', 'dead')),
  -- Rises with each taking and never falls: the number the receiver sees, and the fence of the worker that holds it.
  attempt int not null default 0,
  tries_left int not null default 6 check (tries_left between 0 and 6),
  due_at timestamptz not null default now(),
  -- Set while an attempt is under way.
  lease_until timestamptz,
  started_at timestamptz,
  attempts jsonb not null default '[]',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, webhook_id) references webhooks (tenant_id, id),
  foreign key (tenant_id, event_id) references events (tenant_id, id),
  check (lease_until is null or status = 'pending')
);
create index deliveries_due on deliveries (tenant_id, webhook_id, due_at, id) where status = 'pending';
create index deliveries_in_flight on deliveries (tenant_id, webhook_id) where lease_until is not null;
create index deliveries_of on deliveries (tenant_id, webhook_id, id);
create index deliveries_by_event on deliveries (tenant_id, event_id);
create index deliveries_settled on deliveries (tenant_id, updated_at) where status <> 'pending';
alter table deliveries enable row level security, force row level security;
create policy tenant on deliveries to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on deliveries for select to payymo_directory using (true);
grant select, insert, update, delete on deliveries to payymo_app;
grant select (tenant_id, webhook_id, status, due_at, lease_until) on deliveries to payymo_directory;

-- Replays take a range of time.
create index events_by_time on events (tenant_id, created_at);
