-- A few of the matches that were applied without a person are shown to people for a look. What they say of one counts as a decision; without
-- an answer it counts for nothing. A new, empty table: no lock on others.
create table spot_checks (
  tenant_id uuid not null references tenants,
  match_id uuid not null,
  sampled_at timestamptz not null,
  -- `wrong`: a person took it back.
  answer text check (answer in ('right', 'wrong')),
  answered_by text,
  answered_at timestamptz,
  check ((answer is null) = (answered_by is null) and (answer is null) = (answered_at is null)),
  primary key (tenant_id, match_id),
  foreign key (tenant_id, match_id) references matches (tenant_id, id)
);
create index spot_checks_sampled on spot_checks (tenant_id, sampled_at);
create index spot_checks_answered on spot_checks (tenant_id, answered_at) where answer is not null;
alter table spot_checks enable row level security, force row level security;
create policy tenant on spot_checks to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update on spot_checks to payymo_app;
