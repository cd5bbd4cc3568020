-- People and users. A person is one address with one password, whatever tenants it works for; a user is what a person is to
-- one tenant: a role and a state. Locks nothing that exists; instant on any database.
--
-- A person belongs to no tenant, so the tables of people are fenced by a setting of their own: payymo_app sees the rows of
-- one person only, the one named by app.person. Nothing here helps who steals a copy: passwords are slow hashes keyed with a
-- secret of the installation, second factors are sealed, and every link and code is kept as a digest only.

create table people (
  person_id uuid primary key,
  email text not null,
  -- The address in lower case: one person per address, however it is written.
  email_key text not null unique check (email_key = lower(email_key)),
  -- Argon2id with its parameters in front.
  password_hash text not null,
  password_changed_at timestamptz not null,
  -- The second factor's secret, sealed; `pending` until the first code proves that the app has it.
  totp_secret bytea,
  totp_pending bytea,
  -- The time step of the last code taken: a code counts once.
  totp_step bigint not null default 0,
  -- Wrong codes in a row, and until when no code is looked at after too many.
  code_failures int not null default 0,
  codes_held_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table people enable row level security, force row level security;
create policy person on people to payymo_app
  using (person_id = nullif(current_setting('app.person', true), '')::uuid)
  with check (person_id = nullif(current_setting('app.person', true), '')::uuid);
create policy directory on people for select to payymo_directory using (true);
grant select, insert, update on people to payymo_app;
grant select (person_id, email_key) on people to payymo_directory;

create table recovery_codes (
  person_id uuid not null references people,
  digest bytea not null,
  created_at timestamptz not null default now(),
  primary key (person_id, digest)
);
alter table recovery_codes enable row level security, force row level security;
create policy person on recovery_codes to payymo_app
  using (person_id = nullif(current_setting('app.person', true), '')::uuid)
  with check (person_id = nullif(current_setting('app.person', true), '')::uuid);
grant select, insert, delete on recovery_codes to payymo_app;

create table password_resets (
  person_id uuid not null references people,
  digest bytea not null,
  expires_at timestamptz not null,
  primary key (person_id, digest)
);
-- The one look-up before the person is known: from the link.
create unique index password_resets_digest on password_resets (digest);
create index password_resets_expiry on password_resets (expires_at);
alter table password_resets enable row level security, force row level security;
create policy person on password_resets to payymo_app
  using (person_id = nullif(current_setting('app.person', true), '')::uuid)
  with check (person_id = nullif(current_setting('app.person', true), '')::uuid);
create policy directory on password_resets for select to payymo_directory using (true);
grant select, insert, delete on password_resets to payymo_app;
grant select (person_id, digest, expires_at) on password_resets to payymo_directory;

-- invited → active (the invitation was accepted) → disabled → active. An invitation that is disabled dies; it may be sent
-- again. A removed user keeps its row, so that what it decided still has a name.
create table users (
  tenant_id uuid not null references tenants,
  id uuid not null,
  -- Known from the moment the invitation is accepted: before that an address proves nothing.
  person_id uuid references people,
  email text not null,
  email_key text not null check (email_key = lower(email_key)),
  name text not null default '',
  role text not null check (role in ('owner', 'admin', 'reviewer', 'viewer')),
  status text not null check (status in ('invited', 'active', 'disabled')),
  invitation_digest bytea,
  invitation_expires_at timestamptz,
  last_signed_in_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (status <> 'active' or person_id is not null),
  check (status <> 'invited' or person_id is null),
  check ((invitation_digest is null) = (invitation_expires_at is null)),
  check (invitation_digest is null or status = 'invited'),
  check (deleted_at is null or status = 'disabled')
);
create unique index users_email on users (tenant_id, email_key) where deleted_at is null;
create unique index users_person on users (tenant_id, person_id) where deleted_at is null;
-- Before the tenant is known: what a person is everywhere, and which invitation a link is.
create index users_by_person on users (person_id) where deleted_at is null;
create unique index users_invitation on users (invitation_digest) where invitation_digest is not null;
alter table users enable row level security, force row level security;
create policy tenant on users to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on users for select to payymo_directory using (true);
grant select, insert, update on users to payymo_app;
grant select (tenant_id, id, person_id, role, status, invitation_digest, deleted_at) on users to payymo_directory;
