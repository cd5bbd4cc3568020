-- Tenants through their whole life: suspended by somebody, deleted, their connections ended, exported, purged; a host name of
-- their own; and a role that may remove what a deleted tenant left behind, which the app itself must never be able to.
-- Adds empty columns and two small indexes to tenants (a short lock); grants touch no rows. Instant on any database.

alter table tenants
  -- Who suspended it: what the operator suspended a partner cannot resume.
  add column suspended_by text check (suspended_by in ('operator', 'partner')),
  add column deleted_at timestamptz,
  -- Consents and other standing at providers were given back.
  add column ended_at timestamptz,
  -- Everything the tenant had lies in a file; nothing is removed before.
  add column exported_at timestamptz,
  -- One process at a time exports and purges.
  add column purge_until timestamptz,
  add column purged_at timestamptz;

create index tenants_by_parent on tenants (parent_id) where parent_id is not null;
-- One host name shows one branding, over the whole installation; a deleted tenant lets go of its own.
create unique index tenants_custom_domain on tenants ((branding ->> 'custom_domain')) where status <> 'deleted';

grant select (suspended_by, deleted_at, ended_at, purge_until, purged_at) on tenants to payymo_directory;

-- payymo_purge is a member of payymo_app, so that the tenant policies hold for it as well: it sees and removes the rows of one
-- tenant per transaction, and nothing without one. The tenant's row and its audit trail it may not remove.
do $$
declare
  name text;
begin
  for name in
    select c.relname from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
       and c.relname not in ('tenants', 'audit_events', 'audit_heads')
  loop
    execute format('grant select, delete on %I to payymo_purge', name);
  end loop;
end $$;
-- Tables to come have it from their creation.
alter default privileges in schema public grant select, delete on tables to payymo_purge;
