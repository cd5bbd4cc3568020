-- OAuth 2.0: applications of a tenant, what people granted them, and the codes and tokens that follow from a grant. Of secrets,
-- codes and tokens only digests are kept: a stolen copy opens nothing. Locks nothing that exists; instant on any database.

create table oauth_applications (
  tenant_id uuid not null references tenants,
  id uuid not null,
  name text not null,
  redirect_uris text[] not null,
  permissions text[] not null,
  grant_types text[] not null,
  -- HMAC-SHA256 of the secret with the installation's pepper; null for public clients, which prove themselves by PKCE alone.
  secret_digest bytea,
  status text not null default 'active' check (status in ('active', 'disabled')),
  created_by text not null,
  words text not null generated always as (search_words(name)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
-- The look-up before the tenant is known: from the client_id.
create unique index oauth_applications_id on oauth_applications (id);
alter table oauth_applications enable row level security, force row level security;
create policy tenant on oauth_applications to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on oauth_applications for select to payymo_directory using (true);
grant select, insert, update, delete on oauth_applications to payymo_app;
grant select (tenant_id, id) on oauth_applications to payymo_directory;

-- A grant is a family: one consent, its code, and every token that came of it. It lives in the tenant that is acted for; the
-- application may be the partner's, so it is named and not referred to (no foreign key joins two tenants): what it may do, and
-- whether it is there at all, is asked of its own row at every use.
create table oauth_grants (
  tenant_id uuid not null references tenants,
  id uuid not null,
  owner_id uuid not null,
  application_id uuid not null,
  -- Whom it acts for; null: the application acts as itself.
  user_id uuid,
  -- The most that tokens of it may do.
  permissions text[] not null,
  redirect_uri text,
  -- PKCE, always S256.
  code_challenge text,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id),
  check ((user_id is null) = (redirect_uri is null)),
  check ((user_id is null) = (code_challenge is null))
);
alter table oauth_grants enable row level security, force row level security;
create policy tenant on oauth_grants to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant select, insert, update, delete on oauth_grants to payymo_app;

-- code: used once, for 60 s. refresh: used once, its follower takes its place. access: any number of times, for an hour.
create table oauth_tokens (
  tenant_id uuid not null,
  digest bytea not null,
  grant_id uuid not null,
  kind text not null check (kind in ('code', 'refresh', 'access')),
  -- Of access tokens, which may be narrower than the grant.
  permissions text[],
  used_at timestamptz,
  expires_at timestamptz not null,
  -- Used codes outlive their minute, so that a second use is recognised as one.
  kept_until timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, digest),
  foreign key (tenant_id, grant_id) references oauth_grants (tenant_id, id) on delete cascade,
  check ((kind = 'access') = (permissions is not null))
);
create unique index oauth_tokens_digest on oauth_tokens (digest);
create index oauth_tokens_by_grant on oauth_tokens (tenant_id, grant_id);
create index oauth_tokens_kept on oauth_tokens (kept_until);
alter table oauth_tokens enable row level security, force row level security;
create policy tenant on oauth_tokens to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on oauth_tokens for select to payymo_directory using (true);
grant select, insert, update, delete on oauth_tokens to payymo_app;
grant select (tenant_id, digest, kept_until) on oauth_tokens to payymo_directory;
