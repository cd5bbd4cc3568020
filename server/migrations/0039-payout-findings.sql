-- What was found out about a payout beyond its own facts: why it is not explained, which lines of the bank it might be, and what
-- people said of them; and what lists search and sort by. The table is empty until a Stripe account
-- is connected: the generated columns rewrite nothing, each lock is a moment's.

alter table payouts
  -- Why the rows do not explain it, in words for people. Null where they do, or while nobody has looked.
  add column composition_note text,
  -- Lines that may be it, for a person to choose from.
  add column bank_candidates uuid[] not null default '{}',
  -- Lines of which a person said that they are not it.
  add column bank_refused uuid[] not null default '{}',
  -- Of a failed payout: the line that brought the money, and the one that took it back.
  add column bank_returned uuid[] not null default '{}',
  add column amount_scaled bigint not null generated always as (amount_scaled(amount_minor, currency)) stored,
  add column words text not null generated always as (search_words(external_id || ' ' || status || ' ' || descriptor || ' '
    || coalesce(trace_id, '') || ' ' || coalesce(destination_last4, '') || ' ' || coalesce(failure_code, '') || ' '
    || coalesce(failure_message, ''))) stored;
create index payouts_by_creation on payouts (tenant_id, created_at, id);
