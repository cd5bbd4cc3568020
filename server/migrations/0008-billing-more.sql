-- When the mirror last read an invoice itself, and when it last listed everything closed: an old installation changes a balance
-- without changing anything a list shows. Adding a column with a constant default rewrites nothing; instant on any database.
alter table invoices add column read_at timestamptz not null default now();
create index invoices_by_read on invoices (tenant_id, instance_id, read_at) where status in ('unpaid', 'payment_pending', 'collections');
alter table whmcs_instances add column closed_listed_at timestamptz;
-- One tenant holds an installation once: twice would show every invoice double. Builds on a table with a handful of rows per tenant.
create unique index whmcs_instances_once on whmcs_instances (tenant_id, installation) where status <> 'disconnected';
