-- Sessions of browsers, and the short tokens they get for the API. Both are kept as digests of 256 bits of chance: a stolen
-- copy opens nothing. Locks nothing that exists; instant on any database.

create table sessions (
  person_id uuid not null references people,
  id uuid not null,
  -- Of the cookie. Replaced at every gain of rights; the session itself goes on.
  digest bytea not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  -- When the password was last typed.
  signed_in_at timestamptz not null,
  primary key (person_id, id)
);
-- The one look-up before the person is known: from the cookie.
create unique index sessions_digest on sessions (digest);
create index sessions_seen on sessions (seen_at);
alter table sessions enable row level security, force row level security;
create policy person on sessions to payymo_app
  using (person_id = nullif(current_setting('app.person', true), '')::uuid)
  with check (person_id = nullif(current_setting('app.person', true), '')::uuid);
create policy directory on sessions for select to payymo_directory using (true);
grant select, insert, update, delete on sessions to payymo_app;
grant select (person_id, id, digest, started_at, seen_at) on sessions to payymo_directory;

-- A token acts as one user of one tenant and goes with its session.
create table access_tokens (
  tenant_id uuid not null,
  digest bytea not null,
  user_id uuid not null,
  person_id uuid not null,
  session_id uuid not null,
  -- The session's at the time: typing the password again does not freshen tokens that are out already.
  signed_in_at timestamptz not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, digest),
  foreign key (tenant_id, user_id) references users (tenant_id, id),
  foreign key (person_id, session_id) references sessions (person_id, id) on delete cascade
);
create unique index access_tokens_digest on access_tokens (digest);
create index access_tokens_by_user on access_tokens (tenant_id, user_id);
create index access_tokens_by_session on access_tokens (person_id, session_id);
alter table access_tokens enable row level security, force row level security;
create policy tenant on access_tokens to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on access_tokens for select to payymo_directory using (true);
grant select, insert, delete on access_tokens to payymo_app;
grant select (tenant_id, digest) on access_tokens to payymo_directory;
