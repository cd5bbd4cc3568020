-- Alerts are listed, searched, mailed, counted over all tenants, and opened when a feed falls silent. Rewrites alerts under an
-- exclusive lock and indexes it (milliseconds: there are few); adds a column with a fixed value to bank_connections (a short
-- lock, no rewrite). Alerts that exist count as mailed.
alter table alerts
  add column words text not null generated always as (search_words(code || ' ' || subject_id || ' ' || message)) stored,
  add column mailed_at timestamptz default now();
alter table alerts alter column mailed_at drop default;
create index alerts_by_creation on alerts (tenant_id, created_at, id);
create index alerts_by_update on alerts (tenant_id, updated_at, id);
-- What still has to be mailed; an `info` never is.
create index alerts_unmailed on alerts (tenant_id) where mailed_at is null and severity <> 'info';
create policy directory on alerts for select to payymo_directory using (true);
grant select (tenant_id, code, severity, closed_at, mailed_at) on alerts to payymo_directory;

-- When a tenant's owners were last written to about alerts: one mail at a time, however many processes look.
create table alert_mails (
  tenant_id uuid primary key references tenants,
  last_at timestamptz not null
);
alter table alert_mails enable row level security, force row level security;
create policy tenant on alert_mails to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on alert_mails to payymo_app;

-- Since when a connection is meant to be read: its consent was given, or its reading switched on again. Without it a bank that
-- is reconnected after a month would be called silent before its first reading.
alter table bank_connections add column reading_since timestamptz not null default now();
grant select (provider, last_sync_at, reading_since) on bank_connections to payymo_directory;
