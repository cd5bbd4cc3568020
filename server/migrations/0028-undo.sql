-- Taking a payment back: what is to be undone in the billing system, step by step, and what of it a person must do. Adds a
-- table, nullable columns to payments and matches (no rewrite, a lock of milliseconds), and the right to let go of the payment
-- that a line was found to be.

-- One row for each payment that is, or was, being taken back; `id` is the payment's. Leases, fence and sends stand in columns of
-- the same names as those of payments, and whoever reaches the installation works on it: Payymo over the API, or the module.
-- `step` is the write under way or sent last, `answered` the last one to which the system said yes, `refusals` what it said
-- instead, by step.
create table undos (
  tenant_id uuid not null references tenants,
  id uuid not null,
  match_id uuid not null,
  transaction_id uuid not null,
  invoice_id uuid not null,
  instance_id uuid not null,
  -- The generation after the payment's: the id of the money going out follows from it.
  generation int not null check (generation > 1),
  transid text not null,
  state text not null default 'pending' check (state in ('pending', 'sending', 'unknown', 'done', 'needs_person', 'dropped')),
  step text check (step in ('money', 'reopen', 'credit')),
  answered text check (answered in ('money', 'reopen', 'credit')),
  refusals json not null default '{}',
  attempts int not null default 0,
  sends_allowed int not null default 5,
  lookups_failed int not null default 0,
  next_attempt_at timestamptz not null default now(),
  lease_until timestamptz,
  fence bigint not null default 0,
  send_started_at timestamptz,
  settled_at timestamptz,
  unknown_since timestamptz,
  -- How the invoice stood just before the money went out: what of the payment had become credit of the client, the total, and
  -- what was owed without any payment.
  surplus_minor bigint,
  total_minor bigint,
  owed_minor bigint,
  -- When a look-up first showed the money going out, and the id that row has there.
  taken_at timestamptz,
  external_id text,
  -- Money out that Payymo did not send and that stopped this, and what of it a person said not to mind.
  foreign_ids text[] not null default '{}',
  overruled_ids text[] not null default '{}',
  -- What can never be undone, said beforehand; and what a person has to do or to know at the end.
  notes text[] not null default '{}',
  remaining text[] not null default '{}',
  reason_code text,
  reason text,
  resolution text check (resolution in ('applied', 'retry', 'drop')),
  done_at timestamptz,
  checked_at timestamptz,
  traceparent text default nullif(current_setting('app.traceparent', true), ''),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, id) references payments (tenant_id, id),
  foreign key (tenant_id, match_id) references matches (tenant_id, id),
  foreign key (tenant_id, transaction_id) references transactions (tenant_id, id),
  foreign key (tenant_id, invoice_id) references invoices (tenant_id, id),
  foreign key (tenant_id, instance_id) references whmcs_instances (tenant_id, id),
  unique (tenant_id, instance_id, transid)
);
create index undos_due on undos (tenant_id, next_attempt_at) where state in ('pending', 'sending', 'unknown');
create index undos_by_match on undos (tenant_id, match_id);
create index undos_by_transaction on undos (tenant_id, transaction_id);
create index undos_busy on undos (tenant_id, instance_id, invoice_id) where lease_until is not null or state in ('sending', 'unknown');
create index undos_to_check on undos (tenant_id, done_at) where state = 'done';
alter table undos enable row level security, force row level security;
create policy tenant on undos to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on undos for select to payymo_directory using (true);
grant select, insert, update on undos to payymo_app;
grant select (tenant_id, state, next_attempt_at, lease_until, done_at, checked_at) on undos to payymo_directory;

-- What the billing system did to a payment after it was applied, as last told to people: the same is not told twice.
alter table payments add column returned_noted text;

-- How the taking back of an applied match stands, and who asked for it.
alter table matches
  add column reversal_state text check (reversal_state in ('pending', 'done', 'needs_person')),
  add column reversal_left text[],
  add column reversed_by text;

-- A line that turns out not to be the payment it was taken for lets go of it.
grant update (external_payment_id) on match_allocations to payymo_app;
