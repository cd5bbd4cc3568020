-- Which payment in WHMCS an already booked line is. A payment explains one line only: held by the database, whatever the
-- program does. Adds a column without a default and an index over few rows: instant on any database.

-- The id that the billing system gave the payment on this invoice; empty wherever Payymo books the money itself.
alter table match_allocations add column external_payment_id text;
create unique index match_allocations_booked_once on match_allocations (tenant_id, invoice_id, external_payment_id)
  where external_payment_id is not null;
