-- The proof that an installation is the tenant's is looked at again every day: what the looks found, and when the next is due. And
-- what must be seen of installations and of payments that stand still before the tenant is known.
-- Adds nullable columns and one with a constant default (nothing is rewritten, a lock of a moment); instant on any database.

alter table whmcs_instances
  -- Null while it is proven: with the next turn.
  add column next_proof_at timestamptz,
  -- The last look that could be made.
  add column proof_checked_at timestamptz,
  -- Daily looks in a row that could be made and found none, and what the last of them found instead, in words.
  add column proofs_missed int not null default 0 check (proofs_missed >= 0),
  add column proof_fault text;
grant select (next_proof_at, error_code) on whmcs_instances to payymo_directory;

-- What stands still is counted over all tenants.
grant select (unknown_since) on payments to payymo_directory;
grant select (instance_id, unknown_since) on undos to payymo_directory;
