-- What the work on payments must remember between two tries: when a send has settled, how many sends are allowed, which
-- foreign rows a person overruled, when the ledger was last compared.
-- Adds columns with constant defaults and two small partial indexes: instant on any table made before the first payment.

alter table payments
  -- Before this moment nothing is sent again: the last send may still commit (reliability 4).
  add column settled_at timestamptz,
  -- Sends in all, raised by five when a person says "send again".
  add column sends_allowed int not null default 5,
  -- Look-ups that failed in a row: the back-off counts from here.
  add column lookups_failed int not null default 0,
  -- Payments of equal amount under ids like ours that stood on the invoice when this one was quarantined, and those among
  -- them that a person said not to mind.
  add column foreign_transids text[] not null default '{}',
  add column overruled_transids text[] not null default '{}',
  -- When WHMCS was last asked whether exactly one payment carries our id.
  add column checked_at timestamptz,
  -- What a person decided about a quarantined payment.
  add column resolution text check (resolution in ('applied', 'retry', 'drop'));

create index payments_busy on payments (tenant_id, instance_id, invoice_id)
  where lease_until is not null or state in ('sending', 'unknown');
create index payments_to_check on payments (tenant_id, applied_at) where state = 'applied';
create index payments_by_update on payments (tenant_id, updated_at, id);
grant select (checked_at) on payments to payymo_directory;
