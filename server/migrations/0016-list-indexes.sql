-- Lists walk these: tenant first, then what is filtered for equality, then the sort, then the id that makes it unique.
-- Every index blocks writes to its table while it is made: about 2 s for each million rows.

create index transactions_by_creation on transactions (tenant_id, created_at, id);
create index transactions_by_date on transactions (tenant_id, booked_at, id);
create index transactions_by_amount on transactions (tenant_id, amount_scaled, id);
create index transactions_of_account on transactions (tenant_id, account_id, created_at, id);
create index transactions_by_match on transactions (tenant_id, match_status, created_at, id);
create index transactions_by_external_id on transactions (tenant_id, external_id, created_at, id) where external_id is not null;
-- Nearly all lines are booked; the others are found without looking at those.
create index transactions_not_processed on transactions (tenant_id, status, created_at, id) where status <> 'processed';

create index invoices_by_creation on invoices (tenant_id, created_at, id);
create index invoices_by_status on invoices (tenant_id, status, created_at, id);
create index invoices_by_due_day on invoices (tenant_id, due_on, id);
create index invoices_by_issue_day on invoices (tenant_id, issued_on, id);
create index invoices_by_number on invoices (tenant_id, number, created_at, id);
create index invoices_of_client on invoices (tenant_id, client_id, created_at, id);
drop index invoices_by_client;

create index clients_by_creation on clients (tenant_id, created_at, id);
create index clients_by_update on clients (tenant_id, updated_at, id);
create index clients_by_email on clients (tenant_id, email, created_at, id);

create index matches_by_creation on matches (tenant_id, created_at, id);
create index matches_of_status on matches (tenant_id, status, created_at, id);

create index payments_by_creation on payments (tenant_id, created_at, id);
create index payments_by_state on payments (tenant_id, state, created_at, id);
create index payments_by_invoice on payments (tenant_id, invoice_id, created_at, id);

create index events_by_creation on events (tenant_id, created_at, id);
create index events_by_type on events (tenant_id, type, created_at, id);
drop index events_by_time;

create index deliveries_by_creation on deliveries (tenant_id, webhook_id, created_at, id);
create index deliveries_by_status on deliveries (tenant_id, webhook_id, status, created_at, id);
