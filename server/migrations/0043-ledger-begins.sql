-- Whether a Stripe account had any money older than the ledger that was read: what it never had, payouts cannot be made of. Null until
-- somebody asked Stripe, which is done once. A nullable column: instant on any database.

alter table stripe_connections add column has_older_rows boolean;
