-- What a person must look at: opened and closed by whoever notices. Locks nothing that exists; instant on any database.
create table alerts (
  tenant_id uuid not null references tenants,
  id uuid not null,
  code text not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  subject_type text not null,
  subject_id text not null,
  message text not null,
  opened_at timestamptz not null default now(),
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
-- The same thing noticed again stays one alert while it is open.
create unique index alerts_open on alerts (tenant_id, code, subject_id) where closed_at is null;
alter table alerts enable row level security, force row level security;
create policy tenant on alerts to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on alerts to payymo_app;
