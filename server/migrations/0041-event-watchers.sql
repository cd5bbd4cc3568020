-- Which tenants have somebody who listens to their events at this moment, so that changes of all others wake nobody: a notice
-- makes commits wait for each other. Locks nothing that exists; instant on any database.
--
-- Unlogged: after a crash nobody listens. Each process that has a stream open renews the row of its tenant.
create unlogged table event_watchers (
  tenant_id uuid primary key references tenants,
  watched_until timestamptz not null
);
alter table event_watchers enable row level security, force row level security;
create policy tenant on event_watchers to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on event_watchers to payymo_app;
