-- What matching remembers of who pays for a client comes from people's decisions. A person may have it forgotten: then decisions up to
-- that moment teach nothing about this payer and client; later ones do. The payer is kept as a digest of name and account only. A new,
-- empty table: no lock on others.
create table forgotten_payers (
  tenant_id uuid not null references tenants,
  client_id uuid not null,
  payer_key text not null,
  forgotten_at timestamptz not null,
  primary key (tenant_id, client_id, payer_key),
  foreign key (tenant_id, client_id) references clients (tenant_id, id)
);
alter table forgotten_payers enable row level security, force row level security;
create policy tenant on forgotten_payers to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on forgotten_payers to payymo_app;

-- One payer: a name on an account.
create function payer_key(name text, iban text) returns text language sql immutable parallel safe
  return encode(sha256(convert_to(lower(name) || '|' || coalesce(iban, ''), 'UTF8')), 'hex');
