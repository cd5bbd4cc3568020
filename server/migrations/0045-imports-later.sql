-- Large statement files are taken in after the answer (`?async=true`): the import shows how far it is, and the file waits beside it,
-- sealed like every account number, until it is read. And the imports of a connection are listed. Imports are few: the locks last
-- milliseconds.
alter table imports
  add column status text not null default 'done' check (status in ('queued', 'running', 'done', 'failed')),
  -- Entries taken in so far; null where all were at once.
  add column recorded integer,
  add column error text;
create index imports_of_connection on imports (tenant_id, connection_id, created_at, id);
create index imports_by_update on imports (tenant_id, updated_at, id);
grant update on imports to payymo_app;

create table import_files (
  tenant_id uuid not null references tenants,
  import_id uuid not null,
  sealed_file bytea not null,
  mapping json,
  -- Who sent it: what is recorded from it is theirs.
  actor json not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, import_id),
  foreign key (tenant_id, import_id) references imports (tenant_id, id)
);
alter table import_files enable row level security, force row level security;
create policy tenant on import_files to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on import_files for select to payymo_directory using (true);
grant select, insert, delete on import_files to payymo_app;
grant select (tenant_id, import_id, created_at) on import_files to payymo_directory;
