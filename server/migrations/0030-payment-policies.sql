-- How payments are written into an installation: what becomes of money beyond the invoices, whether WHMCS mails its confirmation,
-- whether Stripe's fee is noted. Adds columns with constant defaults, no rewrite; the check on payments reads that table once
-- under its lock, about half a second for each million rows.

alter table whmcs_instances
  -- `leave`: the rest stays on the transaction. `credit`: it becomes credit of the client.
  add column surplus text not null default 'leave' check (surplus in ('leave', 'credit')),
  add column confirmation_email boolean not null default true,
  add column stripe_fees boolean not null default false;

alter table payments
  -- How much of `amount_minor` is more than the invoice takes and becomes credit of the client. A part of the amount, so that
  -- whatever holds the sum of the parts below the transaction counts it.
  add column surplus_minor bigint not null default 0,
  -- What Stripe kept of this payment, in its currency; null where it is not known, as of all bank money.
  add column fees_minor bigint check (fees_minor >= 0),
  add constraint payments_surplus check (surplus_minor >= 0 and surplus_minor < amount_minor);

-- Whose taking back is due here and whose at a module, before the tenant is known.
grant select (instance_id) on undos to payymo_directory;
