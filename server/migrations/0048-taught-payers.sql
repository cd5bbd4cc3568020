-- What people say of who pays for a client, beside what they decided: this account or name pays for this client, or never does. Each
-- payer of a client keeps its number here from the first time a person touches one; `says` is null where only the number is kept. A new,
-- empty table: no lock on others.
create table client_payers (
  tenant_id uuid not null references tenants,
  client_id uuid not null,
  -- Its number within the client, for good.
  n int not null check (n > 0),
  -- As `payer_key` makes it of name and account.
  payer_key text not null,
  name text not null,
  iban text,
  says text check (says in ('pays', 'never')),
  said_at timestamptz,
  check ((says is null) = (said_at is null)),
  primary key (tenant_id, client_id, n),
  unique (tenant_id, client_id, payer_key),
  foreign key (tenant_id, client_id) references clients (tenant_id, id)
);
create index client_payers_said on client_payers (tenant_id, said_at desc) where says is not null;
alter table client_payers enable row level security, force row level security;
create policy tenant on client_payers to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on client_payers to payymo_app;
