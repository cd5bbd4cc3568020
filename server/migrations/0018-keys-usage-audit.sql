-- Keys that replace each other, the log of every call, and the audit trail as something to search and to anchor outside.
-- api_keys: a column without a default, instant. audit_events is written anew with its computed columns and indexes: nothing
-- else reads or writes audit rows meanwhile, about twenty seconds per million rows.

-- The key that a rotation put in this one's place.
alter table api_keys add column replaced_by uuid;
alter table api_keys add foreign key (tenant_id, replaced_by) references api_keys (tenant_id, id)
  on delete set null (replaced_by);

-- Every call with a valid credential, kept for 30 days. Written in batches, never changed; old rows go by the day.
create table api_calls (
  tenant_id uuid not null references tenants,
  -- `key_…`, `usr_…` or `operator`.
  actor_id text not null,
  at timestamptz not null,
  -- Tells calls of one moment apart.
  id uuid not null,
  actor_type text not null,
  method text not null,
  route text not null,
  status smallint not null,
  ip text not null,
  request_id text not null,
  primary key (tenant_id, actor_id, at, id)
);
create index api_calls_by_time on api_calls (tenant_id, at);
alter table api_calls enable row level security, force row level security;
create policy tenant on api_calls to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on api_calls for select to payymo_directory using (true);
grant select, insert, delete on api_calls to payymo_app;
grant select (tenant_id, at) on api_calls to payymo_directory;

-- Filters of the audit trail, newest first. Computed from the hashed text, so that they cannot differ from it; columns and
-- not indexes on expressions, which row-level security keeps out of use (`->>` is not leakproof).
alter table audit_events
  add column actor_type text generated always as (entry -> 'actor' ->> 'type') stored,
  add column actor_id text generated always as (entry -> 'actor' ->> 'id') stored,
  add column resource_type text generated always as (entry -> 'resource' ->> 'type') stored,
  add column words text not null generated always as (search_words(action || ' ' || coalesce(entry -> 'actor' ->> 'name', '') || ' '
    || coalesce(entry -> 'actor' ->> 'id', '') || ' ' || coalesce(entry -> 'resource' ->> 'type', '') || ' '
    || coalesce(entry -> 'resource' ->> 'id', '') || ' ' || coalesce(entry ->> 'ip', ''))) stored;
create index audit_events_by_time on audit_events (tenant_id, at, id);
create index audit_events_by_action on audit_events (tenant_id, action, at, id);
create index audit_events_by_actor on audit_events (tenant_id, actor_id, at, id);
create index audit_events_by_actor_type on audit_events (tenant_id, actor_type, at, id);
create index audit_events_by_resource_type on audit_events (tenant_id, resource_type, at, id);

-- The daily copy of every chain's head is compared with the one before it.
create policy directory on audit_heads for select to payymo_directory using (true);
grant select (tenant_id, sequence, hash) on audit_heads to payymo_directory;
create policy directory on audit_events for select to payymo_directory using (true);
grant select (tenant_id, sequence, hash) on audit_events to payymo_directory;
