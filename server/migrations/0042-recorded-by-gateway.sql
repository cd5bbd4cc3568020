-- Payments in the mirror are found by their id there: a charge of Stripe that a gateway recorded must never be paid in again. Two
-- indexes on invoice_payments, which is read once for each under a lock against writes: about a second for each million rows.

-- The id as it stands.
create index invoice_payments_by_transid on invoice_payments (tenant_id, transid);
-- The few in which an id of Stripe stands beside other text, looked at one by one.
create index invoice_payments_of_several on invoice_payments (tenant_id, invoice_id)
  where transid ~ '(ch|py|pi|txn|cs)_' and transid ~ '[^A-Za-z0-9_]';
