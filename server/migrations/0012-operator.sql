-- The operator is a tenant of its own kind: its audit chain, its calls, its people and its idempotency keys live where every
-- tenant's do. Replaces one check of tenants (a short lock); instant on any database.

alter table tenants drop constraint tenants_kind_check;
alter table tenants add constraint tenants_kind_check check (kind in ('customer', 'partner', 'operator'));

-- Forced row-level security holds for the owner too: the row is written as the program writes rows.
set local role payymo_app;
select set_config('app.tenant', '00000000-0000-0000-0000-000000000001', true);
insert into tenants (tenant_id, slug, name, kind, tier)
  values ('00000000-0000-0000-0000-000000000001', 'operator', 'Operator', 'operator', 'premium');
select set_config('app.tenant', '', true);
reset role;

-- The operator lists all tenants, a partner its children, and a host name finds its branding before anybody signed in.
grant select (name, settings, branding, created_at, updated_at) on tenants to payymo_directory;
