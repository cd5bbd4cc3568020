-- WHMCS installations, the mirror of their invoices, and the payments we book into them.
-- Locks nothing that exists; instant on any database.

create table whmcs_instances (
  tenant_id uuid not null references tenants,
  id uuid not null,
  -- Full system URL with its sub-path; `installation` is the same without scheme, www and trailing slash.
  system_url text not null,
  installation text not null,
  mode text not null check (mode in ('api', 'module')),
  api_identifier text,
  sealed_api_secret bytea,
  sealed_access_key bytea,
  sealed_webhook_secret bytea not null,
  payment_method text not null default 'banktransfer',
  status text not null default 'pending' check (status in ('pending', 'active', 'error', 'disconnected')),
  error_code text,
  error_message text,
  proof_token text not null,
  verified_at timestamptz,
  verified_by text check (verified_by in ('module', 'file', 'dns')),
  version text,
  last_seen_at timestamptz,
  last_sync_at timestamptz,
  next_sync_at timestamptz,
  -- When the mirror first held every open invoice and every closed one of the window: nothing is decided automatically before.
  mirrored_at timestamptz,
  slowest_answer_ms int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
-- Over all tenants on purpose: an installation is proven by one tenant at most (contract 4.5).
create unique index whmcs_instances_verified on whmcs_instances (installation) where verified_at is not null and status <> 'disconnected';
alter table whmcs_instances enable row level security, force row level security;
create policy tenant on whmcs_instances to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on whmcs_instances for select to payymo_directory using (true);
grant select, insert, update on whmcs_instances to payymo_app;
grant select (tenant_id, id, status, next_sync_at) on whmcs_instances to payymo_directory;

create table clients (
  tenant_id uuid not null references tenants,
  id uuid not null,
  instance_id uuid,
  external_id text not null,
  name text not null default '',
  company text not null default '',
  email text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, instance_id) references whmcs_instances (tenant_id, id),
  unique (tenant_id, instance_id, external_id)
);
alter table clients enable row level security, force row level security;
create policy tenant on clients to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on clients to payymo_app;

create table invoices (
  tenant_id uuid not null references tenants,
  id uuid not null,
  source text not null default 'whmcs',
  instance_id uuid,
  client_id uuid not null,
  external_id text not null,
  number text not null default '',
  status text not null
    check (status in ('draft', 'unpaid', 'payment_pending', 'paid', 'cancelled', 'refunded', 'collections')),
  total_minor bigint not null,
  balance_minor bigint not null,
  currency text not null,
  issued_on date,
  due_on date,
  closed_on date,
  items json not null default '[]',
  -- External ids of the invoices that this mass-payment container collects.
  collects text[] not null default '{}',
  -- What the list said when we last read the invoice itself: another text means that it changed.
  list_digest text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, instance_id) references whmcs_instances (tenant_id, id),
  foreign key (tenant_id, client_id) references clients (tenant_id, id),
  unique (tenant_id, instance_id, external_id)
);
create index invoices_open on invoices (tenant_id, instance_id, id) where status in ('unpaid', 'payment_pending', 'collections');
create index invoices_by_update on invoices (tenant_id, updated_at, id);
create index invoices_by_client on invoices (tenant_id, client_id);
alter table invoices enable row level security, force row level security;
create policy tenant on invoices to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on invoices to payymo_app;

-- The payments that WHMCS itself shows on an invoice, ours among them: how money booked before is recognised.
create table invoice_payments (
  tenant_id uuid not null,
  invoice_id uuid not null,
  external_id text not null,
  transid text not null default '',
  -- In minus out.
  amount_minor bigint not null,
  paid_on date not null,
  gateway text not null default '',
  created_at timestamptz not null default now(),
  primary key (tenant_id, invoice_id, external_id),
  foreign key (tenant_id, invoice_id) references invoices (tenant_id, id)
);
create index invoice_payments_by_amount on invoice_payments (tenant_id, amount_minor, paid_on);
alter table invoice_payments enable row level security, force row level security;
create policy tenant on invoice_payments to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on invoice_payments to payymo_app;

-- A payment is the intent first and the effect later (reliability A and J). `pending` with a lease is under way; `sending`
-- with a lease that ran out is as good as `unknown`.
create table payments (
  tenant_id uuid not null references tenants,
  id uuid not null,
  match_id uuid not null,
  transaction_id uuid not null,
  invoice_id uuid not null,
  instance_id uuid not null,
  part int not null default 1,
  generation int not null default 1,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  transid text not null,
  -- The bank's day, which WHMCS receives.
  paid_on date not null,
  state text not null default 'pending'
    check (state in ('pending', 'sending', 'unknown', 'applied', 'refused', 'quarantined', 'reversed')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  lease_until timestamptz,
  fence bigint not null default 0,
  -- The last moment at which the last send can have started; the settle time counts from here.
  send_started_at timestamptz,
  unknown_since timestamptz,
  reason_code text,
  reason text,
  external_payment_id text,
  applied_at timestamptz,
  verified_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, transaction_id) references transactions (tenant_id, id),
  foreign key (tenant_id, invoice_id) references invoices (tenant_id, id),
  foreign key (tenant_id, instance_id) references whmcs_instances (tenant_id, id),
  unique (tenant_id, transaction_id, invoice_id, part, generation),
  unique (tenant_id, instance_id, transid)
);
create index payments_due on payments (tenant_id, next_attempt_at) where state in ('pending', 'sending', 'unknown');
create index payments_unverified on payments (tenant_id, applied_at) where state = 'applied' and verified_at is null;
create index payments_by_match on payments (tenant_id, match_id);
alter table payments enable row level security, force row level security;
create policy tenant on payments to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on payments for select to payymo_directory using (true);
grant select, insert, update on payments to payymo_app;
grant select (tenant_id, state, next_attempt_at, lease_until, applied_at, verified_at) on payments to payymo_directory;

-- Parts of a line never exceed it: held by the database whatever the program does (reliability 7).
create function payments_within_transaction() returns trigger language plpgsql as $$
declare
  allocated bigint;
  available bigint;
begin
  select coalesce(sum(amount_minor), 0) into allocated from payments
   where tenant_id = new.tenant_id and transaction_id = new.transaction_id and state not in ('refused', 'reversed');
  select amount_minor into available from transactions where tenant_id = new.tenant_id and id = new.transaction_id;
  if allocated > available then
    raise exception 'payments of transaction % exceed its amount', new.transaction_id using errcode = '23514', constraint = 'payments_within_transaction';
  end if;
  return null;
end $$;
create constraint trigger payments_within_transaction after insert or update of amount_minor, state on payments
  deferrable initially immediate for each row execute function payments_within_transaction();
