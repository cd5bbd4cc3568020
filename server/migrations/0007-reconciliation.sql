-- Matches: which invoices a line pays, how sure that is and why, and who decided.
-- Locks nothing that exists; instant on any database.

create table matches (
  tenant_id uuid not null references tenants,
  id uuid not null,
  transaction_id uuid not null,
  status text not null
    check (status in ('suggested', 'approved', 'applied', 'rejected', 'failed', 'reversed', 'superseded')),
  confidence numeric(5, 4) not null,
  score numeric(3, 2) not null,
  match_reason text not null,
  reasons json not null,
  -- Why a sure-looking match still waits for a person.
  withheld json not null default '[]',
  decided_by text,
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, transaction_id) references transactions (tenant_id, id)
);
create index matches_by_transaction on matches (tenant_id, transaction_id, id);
create index matches_by_status on matches (tenant_id, status, id);
create index matches_by_update on matches (tenant_id, updated_at, id);
-- A line is decided once: the database holds it, whatever the program does.
create unique index matches_decided on matches (tenant_id, transaction_id) where status in ('approved', 'applied', 'failed');
alter table matches enable row level security, force row level security;
create policy tenant on matches to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on matches to payymo_app;

create table match_allocations (
  tenant_id uuid not null,
  match_id uuid not null,
  invoice_id uuid not null,
  position int not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  primary key (tenant_id, match_id, invoice_id),
  foreign key (tenant_id, match_id) references matches (tenant_id, id),
  foreign key (tenant_id, invoice_id) references invoices (tenant_id, id)
);
create index match_allocations_by_invoice on match_allocations (tenant_id, invoice_id);
alter table match_allocations enable row level security, force row level security;
create policy tenant on match_allocations to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert on match_allocations to payymo_app;

alter table payments add constraint payments_match foreign key (tenant_id, match_id) references matches (tenant_id, id);
