-- Installations that are reached by their module: pairing, its calls, what it is asked for, and which payments it was given.
-- Adds a nullable column to payments (a lock of a moment, nothing is rewritten), else only new tables; instant on any database.

-- One row per installation that was ever offered a pairing code.
create table whmcs_modules (
  tenant_id uuid not null,
  instance_id uuid not null,
  -- SHA-256 of the one-time token of the present pairing code; null once it was used or voided.
  pairing_digest bytea,
  pairing_expires_at timestamptz,
  paired_at timestamptz,
  called_at timestamptz,
  module_version text,
  php_version text,
  cron_last_at timestamptz,
  -- What WHMCS can book under, as `state` told it: a list of {name, title}.
  payment_methods json not null default '[]',
  last_push_at timestamptz,
  -- Since when everything is wanted anew: set at pairing and when somebody asks; a day after the last full push it is due by itself.
  full_wanted_at timestamptz,
  full_ended_at timestamptz,
  -- The full push under way, under the module's own id: what was not read since it began is closed at its end.
  run_id text,
  run_begun_at timestamptz,
  primary key (tenant_id, instance_id),
  foreign key (tenant_id, instance_id) references whmcs_instances (tenant_id, id)
);
alter table whmcs_modules enable row level security, force row level security;
create policy tenant on whmcs_modules to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on whmcs_modules for select to payymo_directory using (true);
grant select, insert, update on whmcs_modules to payymo_app;
grant select (tenant_id, instance_id, paired_at, called_at) on whmcs_modules to payymo_directory;

-- Signed calls taken within the last quarter of an hour: longer than a signature may be away from our clock on both sides.
create table module_requests (
  tenant_id uuid not null,
  instance_id uuid not null,
  request_id text not null,
  expires_at timestamptz not null default now() + interval '15 minutes',
  primary key (tenant_id, instance_id, request_id),
  foreign key (tenant_id, instance_id) references whmcs_instances (tenant_id, id)
);
-- Not led by the tenant on purpose: the sweep asks over all tenants what is over.
create index module_requests_over on module_requests (expires_at, tenant_id);
alter table module_requests enable row level security, force row level security;
create policy tenant on module_requests to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on module_requests for select to payymo_directory using (true);
grant select, insert, delete on module_requests to payymo_app;
grant select (tenant_id, expires_at) on module_requests to payymo_directory;

-- Hints of modules, each taken once (contract 7). They are remembered for longer than anybody would send one again.
create table module_events (
  tenant_id uuid not null,
  instance_id uuid not null,
  event_id text not null,
  event text not null,
  -- WHMCS's own ids, where the hint named them.
  invoice_id text,
  client_id text,
  received_at timestamptz not null default now(),
  primary key (tenant_id, instance_id, event_id),
  foreign key (tenant_id, instance_id) references whmcs_instances (tenant_id, id)
);
create index module_events_over on module_events (received_at, tenant_id);
alter table module_events enable row level security, force row level security;
create policy tenant on module_events to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on module_events for select to payymo_directory using (true);
grant select, insert, delete on module_events to payymo_app;
grant select (tenant_id, received_at) on module_events to payymo_directory;

-- Invoices that a module is asked for at its next call, by WHMCS's own ids, until it has pushed them.
create table module_wanted (
  tenant_id uuid not null,
  instance_id uuid not null,
  external_id text not null,
  -- How often it was asked for: what never comes is given up.
  asked int not null default 0,
  wanted_at timestamptz not null default now(),
  primary key (tenant_id, instance_id, external_id),
  foreign key (tenant_id, instance_id) references whmcs_instances (tenant_id, id)
);
alter table module_wanted enable row level security, force row level security;
create policy tenant on module_wanted to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on module_wanted to payymo_app;

-- The fence under which a payment was last given to a module: equal to `fence`, nobody else has held it since, and the module
-- itself looks before it books, so that nothing has to settle before it is offered again.
alter table payments add column offered_fence bigint;
-- Workers of the API leave the payments of modules alone, and look for their own over all tenants.
grant select (instance_id) on payments to payymo_directory;
grant select (mode, verified_at) on whmcs_instances to payymo_directory;
