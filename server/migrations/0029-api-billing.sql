-- Invoices of tenants whose billing is not WHMCS: they come by API, and payments on them count at once, in no installation.
-- Drops one NOT NULL (instant), and makes partial indexes, empty at first, that block writes to invoices and clients while those
-- are read once: about half a second for each million rows.

-- Null where the invoice came by API: such a payment is never sent anywhere.
alter table payments alter column instance_id drop not null;
create unique index payments_transid_by_api on payments (tenant_id, transid) where instance_id is null;

-- What the tenant calls an invoice or a client stands for one only.
create unique index invoices_external_id_by_api on invoices (tenant_id, external_id) where source = 'api';
create unique index invoices_number_by_api on invoices (tenant_id, number) where source = 'api';
create unique index clients_external_id_by_api on clients (tenant_id, external_id) where instance_id is null and external_id <> '';
-- Without an id of their own, clients are known by their e-mail address, and without one by their names.
create unique index clients_email_by_api on clients (tenant_id, lower(email)) where instance_id is null and external_id = '' and email <> '';
create unique index clients_name_by_api on clients (tenant_id, lower(name), lower(company))
  where instance_id is null and external_id = '' and email = '';
