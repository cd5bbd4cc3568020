-- The sum of server/migrations, made by `npm run generate`. Read it, never run it.

create table access_tokens (
  tenant_id uuid not null,
  digest bytea not null,
  user_id uuid not null,
  person_id uuid not null,
  session_id uuid not null,
  signed_in_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint access_tokens_pkey PRIMARY KEY (tenant_id, digest),
  constraint access_tokens_person_id_session_id_fkey FOREIGN KEY (person_id, session_id) REFERENCES sessions(person_id, id) ON DELETE CASCADE,
  constraint access_tokens_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users(tenant_id, id)
);
CREATE INDEX access_tokens_by_session ON public.access_tokens USING btree (person_id, session_id);
CREATE INDEX access_tokens_by_user ON public.access_tokens USING btree (tenant_id, user_id);
CREATE UNIQUE INDEX access_tokens_digest ON public.access_tokens USING btree (digest);
alter table access_tokens enable row level security, force row level security;
create policy directory on access_tokens for select to payymo_directory using (true);
create policy tenant on access_tokens for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select on access_tokens to payymo_app;
grant select (digest), select (tenant_id) on access_tokens to payymo_directory;
grant delete, select on access_tokens to payymo_purge;

create table accounts (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  bank_name text not null,
  name text not null,
  currency text not null,
  identity text not null,
  iban_last4 text,
  sealed_iban bytea,
  provider_account_id text,
  balance_minor bigint,
  balance_at timestamp with time zone,
  first_seen_on date not null default CURRENT_DATE,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  csv_mapping json,
  csv_mapping_given boolean not null default false,
  words text not null generated always as (search_words(((name || ' '::text) || bank_name))) stored,
  constraint accounts_tenant_id_connection_id_identity_key UNIQUE (tenant_id, connection_id, identity),
  constraint accounts_pkey PRIMARY KEY (tenant_id, id),
  constraint accounts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id)
);
alter table accounts enable row level security, force row level security;
create policy tenant on accounts for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on accounts to payymo_app;
grant delete, select on accounts to payymo_purge;

create table alert_mails (
  tenant_id uuid not null,
  last_at timestamp with time zone not null,
  constraint alert_mails_pkey PRIMARY KEY (tenant_id),
  constraint alert_mails_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id)
);
alter table alert_mails enable row level security, force row level security;
create policy tenant on alert_mails for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on alert_mails to payymo_app;
grant delete, select on alert_mails to payymo_purge;

create table alerts (
  tenant_id uuid not null,
  id uuid not null,
  code text not null,
  severity text not null,
  subject_type text not null,
  subject_id text not null,
  message text not null,
  opened_at timestamp with time zone not null default now(),
  closed_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  words text not null generated always as (search_words(((((code || ' '::text) || subject_id) || ' '::text) || message))) stored,
  mailed_at timestamp with time zone,
  constraint alerts_pkey PRIMARY KEY (tenant_id, id),
  constraint alerts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint alerts_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])))
);
CREATE INDEX alerts_by_creation ON public.alerts USING btree (tenant_id, created_at, id);
CREATE INDEX alerts_by_update ON public.alerts USING btree (tenant_id, updated_at, id);
CREATE UNIQUE INDEX alerts_open ON public.alerts USING btree (tenant_id, code, subject_id) WHERE (closed_at IS NULL);
CREATE INDEX alerts_unmailed ON public.alerts USING btree (tenant_id) WHERE ((mailed_at IS NULL) AND (severity <> 'info'::text));
alter table alerts enable row level security, force row level security;
create policy directory on alerts for select to payymo_directory using (true);
create policy tenant on alerts for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on alerts to payymo_app;
grant select (closed_at), select (code), select (mailed_at), select (severity), select (tenant_id) on alerts to payymo_directory;
grant delete, select on alerts to payymo_purge;

create table api_calls (
  tenant_id uuid not null,
  actor_id text not null,
  at timestamp with time zone not null,
  id uuid not null,
  actor_type text not null,
  method text not null,
  route text not null,
  status smallint not null,
  ip text not null,
  request_id text not null,
  constraint api_calls_pkey PRIMARY KEY (tenant_id, actor_id, at, id),
  constraint api_calls_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id)
);
CREATE INDEX api_calls_by_time ON public.api_calls USING btree (tenant_id, at);
alter table api_calls enable row level security, force row level security;
create policy directory on api_calls for select to payymo_directory using (true);
create policy tenant on api_calls for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select on api_calls to payymo_app;
grant select (at), select (tenant_id) on api_calls to payymo_directory;
grant delete, select on api_calls to payymo_purge;

create table api_keys (
  tenant_id uuid not null,
  id uuid not null,
  key_id text not null,
  digest bytea not null,
  pepper_id text not null,
  name text not null,
  permissions text[] not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  replaced_by uuid,
  constraint api_keys_pkey PRIMARY KEY (tenant_id, id),
  constraint api_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint api_keys_tenant_id_replaced_by_fkey FOREIGN KEY (tenant_id, replaced_by) REFERENCES api_keys(tenant_id, id) ON DELETE SET NULL (replaced_by)
);
CREATE UNIQUE INDEX api_keys_key_id ON public.api_keys USING btree (key_id);
alter table api_keys enable row level security, force row level security;
create policy directory on api_keys for select to payymo_directory using (true);
create policy tenant on api_keys for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on api_keys to payymo_app;
grant select (id), select (key_id), select (tenant_id) on api_keys to payymo_directory;
grant delete, select on api_keys to payymo_purge;

create table audit_events (
  tenant_id uuid not null,
  sequence bigint not null,
  id uuid not null,
  entry json not null,
  at timestamp with time zone not null,
  action text not null,
  resource_id text,
  hash bytea not null,
  actor_type text generated always as (((entry -> 'actor'::text) ->> 'type'::text)) stored,
  actor_id text generated always as (((entry -> 'actor'::text) ->> 'id'::text)) stored,
  resource_type text generated always as (((entry -> 'resource'::text) ->> 'type'::text)) stored,
  words text not null generated always as (search_words(((((((((((action || ' '::text) || COALESCE(((entry -> 'actor'::text) ->> 'name'::text), ''::text)) || ' '::text) || COALESCE(((entry -> 'actor'::text) ->> 'id'::text), ''::text)) || ' '::text) || COALESCE(((entry -> 'resource'::text) ->> 'type'::text), ''::text)) || ' '::text) || COALESCE(((entry -> 'resource'::text) ->> 'id'::text), ''::text)) || ' '::text) || COALESCE((entry ->> 'ip'::text), ''::text)))) stored,
  constraint audit_events_tenant_id_id_key UNIQUE (tenant_id, id),
  constraint audit_events_pkey PRIMARY KEY (tenant_id, sequence),
  constraint audit_events_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id)
);
CREATE INDEX audit_events_by_action ON public.audit_events USING btree (tenant_id, action, at, id);
CREATE INDEX audit_events_by_actor ON public.audit_events USING btree (tenant_id, actor_id, at, id);
CREATE INDEX audit_events_by_actor_type ON public.audit_events USING btree (tenant_id, actor_type, at, id);
CREATE INDEX audit_events_by_resource ON public.audit_events USING btree (tenant_id, resource_id, sequence);
CREATE INDEX audit_events_by_resource_type ON public.audit_events USING btree (tenant_id, resource_type, at, id);
CREATE INDEX audit_events_by_time ON public.audit_events USING btree (tenant_id, at, id);
alter table audit_events enable row level security, force row level security;
create policy directory on audit_events for select to payymo_directory using (true);
create policy tenant on audit_events for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select on audit_events to payymo_app;
grant select (hash), select (sequence), select (tenant_id) on audit_events to payymo_directory;

create table audit_heads (
  tenant_id uuid not null,
  sequence bigint not null,
  hash bytea not null,
  constraint audit_heads_pkey PRIMARY KEY (tenant_id),
  constraint audit_heads_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id)
);
alter table audit_heads enable row level security, force row level security;
create policy directory on audit_heads for select to payymo_directory using (true);
create policy tenant on audit_heads for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on audit_heads to payymo_app;
grant select (hash), select (sequence), select (tenant_id) on audit_heads to payymo_directory;

create table bank_calls (
  tenant_id uuid not null,
  account_id uuid not null,
  scope text not null,
  at timestamp with time zone not null default now(),
  blocked_until timestamp with time zone,
  constraint bank_calls_tenant_id_account_id_fkey FOREIGN KEY (tenant_id, account_id) REFERENCES accounts(tenant_id, id),
  constraint bank_calls_scope_check CHECK ((scope = ANY (ARRAY['transactions'::text, 'balances'::text, 'details'::text])))
);
CREATE INDEX bank_calls_recent ON public.bank_calls USING btree (tenant_id, account_id, scope, at);
alter table bank_calls enable row level security, force row level security;
create policy tenant on bank_calls for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select on bank_calls to payymo_app;
grant delete, select on bank_calls to payymo_purge;

create table bank_connections (
  tenant_id uuid not null,
  id uuid not null,
  provider text not null,
  name text not null,
  institution_id text,
  bank_name text not null,
  status text not null,
  sync_enabled boolean not null default true,
  consent_expires_at timestamp with time zone,
  last_sync_at timestamp with time zone,
  next_sync_at timestamp with time zone,
  read_from date,
  error_code text,
  error_message text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  reading_since timestamp with time zone not null default now(),
  constraint bank_connections_pkey PRIMARY KEY (tenant_id, id),
  constraint bank_connections_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint bank_connections_provider_check CHECK ((provider = ANY (ARRAY['gocardless'::text, 'file'::text]))),
  constraint bank_connections_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'expiring'::text, 'expired'::text, 'error'::text, 'revoked'::text])))
);
CREATE INDEX bank_connections_by_update ON public.bank_connections USING btree (tenant_id, updated_at, id);
CREATE INDEX bank_connections_due ON public.bank_connections USING btree (next_sync_at) WHERE (next_sync_at IS NOT NULL);
alter table bank_connections enable row level security, force row level security;
create policy directory on bank_connections for select to payymo_directory using (true);
create policy tenant on bank_connections for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on bank_connections to payymo_app;
grant select (consent_expires_at), select (id), select (last_sync_at), select (next_sync_at), select (provider), select (reading_since), select (status), select (sync_enabled), select (tenant_id) on bank_connections to payymo_directory;
grant delete, select on bank_connections to payymo_purge;

create table bank_consents (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  requisition_id text not null,
  reference_digest bytea not null,
  redirect_url text not null,
  max_history_days integer not null,
  access_days integer not null,
  status text not null default 'pending'::text,
  error text,
  returned_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  next_poll_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint bank_consents_pkey PRIMARY KEY (tenant_id, id),
  constraint bank_consents_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES bank_connections(tenant_id, id),
  constraint bank_consents_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'linked'::text, 'failed'::text, 'ended'::text])))
);
CREATE INDEX bank_consents_due ON public.bank_consents USING btree (next_poll_at) WHERE (status = 'pending'::text);
CREATE UNIQUE INDEX bank_consents_reference ON public.bank_consents USING btree (reference_digest);
alter table bank_consents enable row level security, force row level security;
create policy directory on bank_consents for select to payymo_directory using (true);
create policy tenant on bank_consents for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on bank_consents to payymo_app;
grant select (id), select (next_poll_at), select (reference_digest), select (status), select (tenant_id) on bank_consents to payymo_directory;
grant delete, select on bank_consents to payymo_purge;

create table bank_syncs (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  status text not null default 'queued'::text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  created integer not null default 0,
  updated integer not null default 0,
  error text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint bank_syncs_pkey PRIMARY KEY (tenant_id, id),
  constraint bank_syncs_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES bank_connections(tenant_id, id),
  constraint bank_syncs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text])))
);
CREATE INDEX bank_syncs_by_connection ON public.bank_syncs USING btree (tenant_id, connection_id, id);
alter table bank_syncs enable row level security, force row level security;
create policy tenant on bank_syncs for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on bank_syncs to payymo_app;
grant delete, select on bank_syncs to payymo_purge;

create table client_payers (
  tenant_id uuid not null,
  client_id uuid not null,
  n integer not null,
  payer_key text not null,
  name text not null,
  iban text,
  says text,
  said_at timestamp with time zone,
  constraint client_payers_tenant_id_client_id_payer_key_key UNIQUE (tenant_id, client_id, payer_key),
  constraint client_payers_pkey PRIMARY KEY (tenant_id, client_id, n),
  constraint client_payers_tenant_id_client_id_fkey FOREIGN KEY (tenant_id, client_id) REFERENCES clients(tenant_id, id),
  constraint client_payers_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint client_payers_check CHECK (((says IS NULL) = (said_at IS NULL))),
  constraint client_payers_n_check CHECK ((n > 0)),
  constraint client_payers_says_check CHECK ((says = ANY (ARRAY['pays'::text, 'never'::text])))
);
CREATE INDEX client_payers_said ON public.client_payers USING btree (tenant_id, said_at DESC) WHERE (says IS NOT NULL);
alter table client_payers enable row level security, force row level security;
create policy tenant on client_payers for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on client_payers to payymo_app;
grant delete, select on client_payers to payymo_purge;

create table clients (
  tenant_id uuid not null,
  id uuid not null,
  instance_id uuid,
  external_id text not null,
  name text not null default ''::text,
  company text not null default ''::text,
  email text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  words text not null generated always as (search_words(((((((external_id || ' '::text) || name) || ' '::text) || company) || ' '::text) || email))) stored,
  constraint clients_tenant_id_instance_id_external_id_key UNIQUE (tenant_id, instance_id, external_id),
  constraint clients_pkey PRIMARY KEY (tenant_id, id),
  constraint clients_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint clients_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES whmcs_instances(tenant_id, id)
);
CREATE INDEX clients_by_creation ON public.clients USING btree (tenant_id, created_at, id);
CREATE INDEX clients_by_email ON public.clients USING btree (tenant_id, email, created_at, id);
CREATE INDEX clients_by_update ON public.clients USING btree (tenant_id, updated_at, id);
CREATE UNIQUE INDEX clients_email_by_api ON public.clients USING btree (tenant_id, lower(email)) WHERE ((instance_id IS NULL) AND (external_id = ''::text) AND (email <> ''::text));
CREATE UNIQUE INDEX clients_external_id_by_api ON public.clients USING btree (tenant_id, external_id) WHERE ((instance_id IS NULL) AND (external_id <> ''::text));
CREATE UNIQUE INDEX clients_name_by_api ON public.clients USING btree (tenant_id, lower(name), lower(company)) WHERE ((instance_id IS NULL) AND (external_id = ''::text) AND (email = ''::text));
alter table clients enable row level security, force row level security;
create policy tenant on clients for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on clients to payymo_app;
grant delete, select on clients to payymo_purge;

create table data_keys (
  tenant_id uuid not null,
  id uuid not null,
  kek_id text not null,
  wrapped bytea not null,
  created_at timestamp with time zone not null default now(),
  uses bigint not null default 0,
  constraint data_keys_pkey PRIMARY KEY (tenant_id, id),
  constraint data_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id)
);
alter table data_keys enable row level security, force row level security;
create policy directory on data_keys for select to payymo_directory using (true);
create policy tenant on data_keys for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on data_keys to payymo_app;
grant select (created_at), select (id), select (kek_id), select (tenant_id) on data_keys to payymo_directory;
grant delete, select on data_keys to payymo_purge;

create table deliveries (
  tenant_id uuid not null,
  id uuid not null,
  webhook_id uuid not null,
  event_id uuid not null,
  event_type text not null,
  status text not null default 'pending'::text,
  attempt integer not null default 0,
  tries_left integer not null default 6,
  due_at timestamp with time zone not null default now(),
  lease_until timestamp with time zone,
  started_at timestamp with time zone,
  attempts jsonb not null default '[]'::jsonb,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  traceparent text default NULLIF(current_setting('app.traceparent'::text, true), ''::text),
  constraint deliveries_pkey PRIMARY KEY (tenant_id, id),
  constraint deliveries_tenant_id_event_id_fkey FOREIGN KEY (tenant_id, event_id) REFERENCES events(tenant_id, id),
  constraint deliveries_tenant_id_webhook_id_fkey FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks(tenant_id, id),
  constraint deliveries_check CHECK (((lease_until IS NULL) OR (status = 'pending'::text))),
  constraint deliveries_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text, 'dead'::text]))),
  constraint deliveries_tries_left_check CHECK (((tries_left >= 0) AND (tries_left <= 6)))
);
CREATE INDEX deliveries_by_creation ON public.deliveries USING btree (tenant_id, webhook_id, created_at, id);
CREATE INDEX deliveries_by_event ON public.deliveries USING btree (tenant_id, event_id);
CREATE INDEX deliveries_by_status ON public.deliveries USING btree (tenant_id, webhook_id, status, created_at, id);
CREATE INDEX deliveries_due ON public.deliveries USING btree (tenant_id, webhook_id, due_at, id) WHERE (status = 'pending'::text);
CREATE INDEX deliveries_in_flight ON public.deliveries USING btree (tenant_id, webhook_id) WHERE (lease_until IS NOT NULL);
CREATE INDEX deliveries_of ON public.deliveries USING btree (tenant_id, webhook_id, id);
CREATE INDEX deliveries_settled ON public.deliveries USING btree (tenant_id, updated_at) WHERE (status <> 'pending'::text);
alter table deliveries enable row level security, force row level security;
create policy directory on deliveries for select to payymo_directory using (true);
create policy tenant on deliveries for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select, update on deliveries to payymo_app;
grant select (due_at), select (lease_until), select (status), select (tenant_id), select (webhook_id) on deliveries to payymo_directory;
grant delete, select on deliveries to payymo_purge;

create table event_watchers (
  tenant_id uuid not null,
  watched_until timestamp with time zone not null,
  constraint event_watchers_pkey PRIMARY KEY (tenant_id),
  constraint event_watchers_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id)
);
alter table event_watchers enable row level security, force row level security;
create policy tenant on event_watchers for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on event_watchers to payymo_app;
grant delete, select on event_watchers to payymo_purge;

create table events (
  tenant_id uuid not null,
  id uuid not null,
  type text not null,
  resource_id text not null,
  body text not null,
  created_at timestamp with time zone not null default now(),
  constraint events_pkey PRIMARY KEY (tenant_id, id),
  constraint events_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id)
);
CREATE INDEX events_by_creation ON public.events USING btree (tenant_id, created_at, id);
CREATE INDEX events_by_resource ON public.events USING btree (tenant_id, resource_id, id);
CREATE INDEX events_by_type ON public.events USING btree (tenant_id, type, created_at, id);
alter table events enable row level security, force row level security;
create policy tenant on events for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select on events to payymo_app;
grant delete, select on events to payymo_purge;

create table forgotten_payers (
  tenant_id uuid not null,
  client_id uuid not null,
  payer_key text not null,
  forgotten_at timestamp with time zone not null,
  constraint forgotten_payers_pkey PRIMARY KEY (tenant_id, client_id, payer_key),
  constraint forgotten_payers_tenant_id_client_id_fkey FOREIGN KEY (tenant_id, client_id) REFERENCES clients(tenant_id, id),
  constraint forgotten_payers_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id)
);
alter table forgotten_payers enable row level security, force row level security;
create policy tenant on forgotten_payers for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on forgotten_payers to payymo_app;
grant delete, select on forgotten_payers to payymo_purge;

create table idempotency_keys (
  tenant_id uuid not null,
  key_digest bytea not null,
  fingerprint bytea not null,
  operation text not null,
  fence bigint not null default 1,
  lease_until timestamp with time zone not null,
  effect_at timestamp with time zone,
  changes integer not null default 0,
  resource_type text,
  resource_id text,
  answered_at timestamp with time zone,
  sealed_answer bytea,
  created_at timestamp with time zone not null default now(),
  keep_until timestamp with time zone not null default (now() + '72:00:00'::interval),
  constraint idempotency_keys_pkey PRIMARY KEY (tenant_id, key_digest),
  constraint idempotency_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint idempotency_keys_check CHECK (((answered_at IS NULL) = (sealed_answer IS NULL)))
);
CREATE INDEX idempotency_keys_over ON public.idempotency_keys USING btree (keep_until, tenant_id);
alter table idempotency_keys enable row level security, force row level security;
create policy directory on idempotency_keys for select to payymo_directory using (true);
create policy tenant on idempotency_keys for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select, update on idempotency_keys to payymo_app;
grant select (keep_until), select (tenant_id) on idempotency_keys to payymo_directory;
grant delete, select on idempotency_keys to payymo_purge;

create table import_files (
  tenant_id uuid not null,
  import_id uuid not null,
  sealed_file bytea not null,
  mapping json,
  actor json not null,
  created_at timestamp with time zone not null default now(),
  constraint import_files_pkey PRIMARY KEY (tenant_id, import_id),
  constraint import_files_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint import_files_tenant_id_import_id_fkey FOREIGN KEY (tenant_id, import_id) REFERENCES imports(tenant_id, id)
);
alter table import_files enable row level security, force row level security;
create policy directory on import_files for select to payymo_directory using (true);
create policy tenant on import_files for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select on import_files to payymo_app;
grant select (created_at), select (import_id), select (tenant_id) on import_files to payymo_directory;
grant delete, select on import_files to payymo_purge;

create table imports (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  format text not null,
  accounts integer not null,
  entries integer not null,
  created integer not null,
  duplicates integer not null,
  balance_check text not null,
  balance_difference text,
  mapping json,
  rejected json not null default '[]'::json,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  balance_currency text,
  status text not null default 'done'::text,
  recorded integer,
  error text,
  constraint imports_pkey PRIMARY KEY (tenant_id, id),
  constraint imports_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES bank_connections(tenant_id, id),
  constraint imports_balance_check_check CHECK ((balance_check = ANY (ARRAY['ok'::text, 'gap'::text, 'overlap'::text, 'unknown'::text]))),
  constraint imports_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text])))
);
CREATE INDEX imports_by_update ON public.imports USING btree (tenant_id, updated_at, id);
CREATE INDEX imports_of_connection ON public.imports USING btree (tenant_id, connection_id, created_at, id);
alter table imports enable row level security, force row level security;
create policy tenant on imports for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on imports to payymo_app;
grant delete, select on imports to payymo_purge;

create table installation_secrets (
  name text not null,
  sealed bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint installation_secrets_pkey PRIMARY KEY (name)
);
grant select on installation_secrets to payymo_app;
grant select on installation_secrets to payymo_directory;

create table invoice_payments (
  tenant_id uuid not null,
  invoice_id uuid not null,
  external_id text not null,
  transid text not null default ''::text,
  amount_minor bigint not null,
  paid_on date not null,
  gateway text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  constraint invoice_payments_pkey PRIMARY KEY (tenant_id, invoice_id, external_id),
  constraint invoice_payments_tenant_id_invoice_id_fkey FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices(tenant_id, id)
);
CREATE INDEX invoice_payments_by_amount ON public.invoice_payments USING btree (tenant_id, amount_minor, paid_on);
CREATE INDEX invoice_payments_by_transid ON public.invoice_payments USING btree (tenant_id, transid);
CREATE INDEX invoice_payments_of_several ON public.invoice_payments USING btree (tenant_id, invoice_id) WHERE ((transid ~ '(ch|py|pi|txn|cs)_'::text) AND (transid ~ '[^A-Za-z0-9_]'::text));
alter table invoice_payments enable row level security, force row level security;
create policy tenant on invoice_payments for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select, update on invoice_payments to payymo_app;
grant delete, select on invoice_payments to payymo_purge;

create table invoices (
  tenant_id uuid not null,
  id uuid not null,
  source text not null default 'whmcs'::text,
  instance_id uuid,
  client_id uuid not null,
  external_id text not null,
  number text not null default ''::text,
  status text not null,
  total_minor bigint not null,
  balance_minor bigint not null,
  currency text not null,
  issued_on date,
  due_on date,
  closed_on date,
  items json not null default '[]'::json,
  collects text[] not null default '{}'::text[],
  list_digest text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  read_at timestamp with time zone not null default now(),
  words text not null generated always as (search_words(((((number || ' '::text) || external_id) || ' '::text) || json_texts(items, 'description'::text)))) stored,
  total_scaled bigint not null generated always as (amount_scaled(total_minor, currency)) stored,
  balance_scaled bigint not null generated always as (amount_scaled(balance_minor, currency)) stored,
  constraint invoices_tenant_id_instance_id_external_id_key UNIQUE (tenant_id, instance_id, external_id),
  constraint invoices_pkey PRIMARY KEY (tenant_id, id),
  constraint invoices_tenant_id_client_id_fkey FOREIGN KEY (tenant_id, client_id) REFERENCES clients(tenant_id, id),
  constraint invoices_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint invoices_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES whmcs_instances(tenant_id, id),
  constraint invoices_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'unpaid'::text, 'payment_pending'::text, 'paid'::text, 'cancelled'::text, 'refunded'::text, 'collections'::text])))
);
CREATE INDEX invoices_by_creation ON public.invoices USING btree (tenant_id, created_at, id);
CREATE INDEX invoices_by_due_day ON public.invoices USING btree (tenant_id, due_on, id);
CREATE INDEX invoices_by_issue_day ON public.invoices USING btree (tenant_id, issued_on, id);
CREATE INDEX invoices_by_number ON public.invoices USING btree (tenant_id, number, created_at, id);
CREATE INDEX invoices_by_read ON public.invoices USING btree (tenant_id, instance_id, read_at) WHERE (status = ANY (ARRAY['unpaid'::text, 'payment_pending'::text, 'collections'::text]));
CREATE INDEX invoices_by_status ON public.invoices USING btree (tenant_id, status, created_at, id);
CREATE INDEX invoices_by_update ON public.invoices USING btree (tenant_id, updated_at, id);
CREATE UNIQUE INDEX invoices_external_id_by_api ON public.invoices USING btree (tenant_id, external_id) WHERE (source = 'api'::text);
CREATE UNIQUE INDEX invoices_number_by_api ON public.invoices USING btree (tenant_id, number) WHERE (source = 'api'::text);
CREATE INDEX invoices_of_client ON public.invoices USING btree (tenant_id, client_id, created_at, id);
CREATE INDEX invoices_open ON public.invoices USING btree (tenant_id, instance_id, id) WHERE (status = ANY (ARRAY['unpaid'::text, 'payment_pending'::text, 'collections'::text]));
alter table invoices enable row level security, force row level security;
create policy tenant on invoices for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on invoices to payymo_app;
grant delete, select on invoices to payymo_purge;

create table mails (
  tenant_id uuid not null,
  id uuid not null,
  recipient bytea not null,
  content bytea,
  state text not null default 'queued'::text,
  attempts integer not null default 0,
  due_at timestamp with time zone default now(),
  lease_until timestamp with time zone,
  reason text,
  settled_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint mails_pkey PRIMARY KEY (tenant_id, id),
  constraint mails_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint mails_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text])))
);
CREATE INDEX mails_by_age ON public.mails USING btree (tenant_id, created_at);
CREATE INDEX mails_due ON public.mails USING btree (due_at) WHERE (due_at IS NOT NULL);
alter table mails enable row level security, force row level security;
create policy directory on mails for select to payymo_directory using (true);
create policy tenant on mails for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select, update on mails to payymo_app;
grant select (created_at), select (due_at), select (id), select (tenant_id) on mails to payymo_directory;
grant delete, select on mails to payymo_purge;

create table match_allocations (
  tenant_id uuid not null,
  match_id uuid not null,
  invoice_id uuid not null,
  position integer not null,
  amount_minor bigint not null,
  currency text not null,
  external_payment_id text,
  constraint match_allocations_pkey PRIMARY KEY (tenant_id, match_id, invoice_id),
  constraint match_allocations_tenant_id_invoice_id_fkey FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices(tenant_id, id),
  constraint match_allocations_tenant_id_match_id_fkey FOREIGN KEY (tenant_id, match_id) REFERENCES matches(tenant_id, id),
  constraint match_allocations_amount_minor_check CHECK ((amount_minor > 0))
);
CREATE UNIQUE INDEX match_allocations_booked_once ON public.match_allocations USING btree (tenant_id, invoice_id, external_payment_id) WHERE (external_payment_id IS NOT NULL);
CREATE INDEX match_allocations_by_invoice ON public.match_allocations USING btree (tenant_id, invoice_id);
alter table match_allocations enable row level security, force row level security;
create policy tenant on match_allocations for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update (external_payment_id) on match_allocations to payymo_app;
grant delete, select on match_allocations to payymo_purge;

create table matches (
  tenant_id uuid not null,
  id uuid not null,
  transaction_id uuid not null,
  status text not null,
  confidence numeric(5,4) not null,
  score numeric(3,2) not null,
  match_reason text not null,
  reasons json not null,
  withheld json not null default '[]'::json,
  decided_by text,
  decided_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  words text not null generated always as (search_words(((((((match_reason || ' '::text) || json_texts(reasons, 'text'::text)) || ' '::text) || json_texts(withheld, 'text'::text)) || ' '::text) || COALESCE(decided_by, ''::text)))) stored,
  reversal_state text,
  reversal_left text[],
  reversed_by text,
  constraint matches_pkey PRIMARY KEY (tenant_id, id),
  constraint matches_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint matches_tenant_id_transaction_id_fkey FOREIGN KEY (tenant_id, transaction_id) REFERENCES transactions(tenant_id, id),
  constraint matches_reversal_state_check CHECK ((reversal_state = ANY (ARRAY['pending'::text, 'done'::text, 'needs_person'::text]))),
  constraint matches_status_check CHECK ((status = ANY (ARRAY['suggested'::text, 'approved'::text, 'applied'::text, 'rejected'::text, 'failed'::text, 'reversed'::text, 'superseded'::text])))
);
CREATE INDEX matches_by_creation ON public.matches USING btree (tenant_id, created_at, id);
CREATE INDEX matches_by_status ON public.matches USING btree (tenant_id, status, id);
CREATE INDEX matches_by_transaction ON public.matches USING btree (tenant_id, transaction_id, id);
CREATE INDEX matches_by_update ON public.matches USING btree (tenant_id, updated_at, id);
CREATE UNIQUE INDEX matches_decided ON public.matches USING btree (tenant_id, transaction_id) WHERE (status = ANY (ARRAY['approved'::text, 'applied'::text, 'failed'::text]));
CREATE INDEX matches_of_status ON public.matches USING btree (tenant_id, status, created_at, id);
alter table matches enable row level security, force row level security;
create policy tenant on matches for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on matches to payymo_app;
grant delete, select on matches to payymo_purge;

create table module_events (
  tenant_id uuid not null,
  instance_id uuid not null,
  event_id text not null,
  event text not null,
  invoice_id text,
  client_id text,
  received_at timestamp with time zone not null default now(),
  constraint module_events_pkey PRIMARY KEY (tenant_id, instance_id, event_id),
  constraint module_events_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES whmcs_instances(tenant_id, id)
);
CREATE INDEX module_events_over ON public.module_events USING btree (received_at, tenant_id);
alter table module_events enable row level security, force row level security;
create policy directory on module_events for select to payymo_directory using (true);
create policy tenant on module_events for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select on module_events to payymo_app;
grant select (received_at), select (tenant_id) on module_events to payymo_directory;
grant delete, select on module_events to payymo_purge;

create table module_requests (
  tenant_id uuid not null,
  instance_id uuid not null,
  request_id text not null,
  expires_at timestamp with time zone not null default (now() + '00:15:00'::interval),
  constraint module_requests_pkey PRIMARY KEY (tenant_id, instance_id, request_id),
  constraint module_requests_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES whmcs_instances(tenant_id, id)
);
CREATE INDEX module_requests_over ON public.module_requests USING btree (expires_at, tenant_id);
alter table module_requests enable row level security, force row level security;
create policy directory on module_requests for select to payymo_directory using (true);
create policy tenant on module_requests for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select on module_requests to payymo_app;
grant select (expires_at), select (tenant_id) on module_requests to payymo_directory;
grant delete, select on module_requests to payymo_purge;

create table module_wanted (
  tenant_id uuid not null,
  instance_id uuid not null,
  external_id text not null,
  asked integer not null default 0,
  wanted_at timestamp with time zone not null default now(),
  constraint module_wanted_pkey PRIMARY KEY (tenant_id, instance_id, external_id),
  constraint module_wanted_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES whmcs_instances(tenant_id, id)
);
alter table module_wanted enable row level security, force row level security;
create policy tenant on module_wanted for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select, update on module_wanted to payymo_app;
grant delete, select on module_wanted to payymo_purge;

create table oauth_applications (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  redirect_uris text[] not null,
  permissions text[] not null,
  grant_types text[] not null,
  secret_digest bytea,
  status text not null default 'active'::text,
  created_by text not null,
  words text not null generated always as (search_words(name)) stored,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint oauth_applications_pkey PRIMARY KEY (tenant_id, id),
  constraint oauth_applications_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint oauth_applications_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);
CREATE UNIQUE INDEX oauth_applications_id ON public.oauth_applications USING btree (id);
alter table oauth_applications enable row level security, force row level security;
create policy directory on oauth_applications for select to payymo_directory using (true);
create policy tenant on oauth_applications for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select, update on oauth_applications to payymo_app;
grant select (id), select (tenant_id) on oauth_applications to payymo_directory;
grant delete, select on oauth_applications to payymo_purge;

create table oauth_grants (
  tenant_id uuid not null,
  id uuid not null,
  owner_id uuid not null,
  application_id uuid not null,
  user_id uuid,
  permissions text[] not null,
  redirect_uri text,
  code_challenge text,
  revoked_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint oauth_grants_pkey PRIMARY KEY (tenant_id, id),
  constraint oauth_grants_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint oauth_grants_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users(tenant_id, id),
  constraint oauth_grants_check CHECK (((user_id IS NULL) = (redirect_uri IS NULL))),
  constraint oauth_grants_check1 CHECK (((user_id IS NULL) = (code_challenge IS NULL)))
);
alter table oauth_grants enable row level security, force row level security;
create policy tenant on oauth_grants for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select, update on oauth_grants to payymo_app;
grant delete, select on oauth_grants to payymo_purge;

create table oauth_tokens (
  tenant_id uuid not null,
  digest bytea not null,
  grant_id uuid not null,
  kind text not null,
  permissions text[],
  used_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  kept_until timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint oauth_tokens_pkey PRIMARY KEY (tenant_id, digest),
  constraint oauth_tokens_tenant_id_grant_id_fkey FOREIGN KEY (tenant_id, grant_id) REFERENCES oauth_grants(tenant_id, id) ON DELETE CASCADE,
  constraint oauth_tokens_check CHECK (((kind = 'access'::text) = (permissions IS NOT NULL))),
  constraint oauth_tokens_kind_check CHECK ((kind = ANY (ARRAY['code'::text, 'refresh'::text, 'access'::text])))
);
CREATE INDEX oauth_tokens_by_grant ON public.oauth_tokens USING btree (tenant_id, grant_id);
CREATE UNIQUE INDEX oauth_tokens_digest ON public.oauth_tokens USING btree (digest);
CREATE INDEX oauth_tokens_kept ON public.oauth_tokens USING btree (kept_until);
alter table oauth_tokens enable row level security, force row level security;
create policy directory on oauth_tokens for select to payymo_directory using (true);
create policy tenant on oauth_tokens for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select, update on oauth_tokens to payymo_app;
grant select (digest), select (kept_until), select (tenant_id) on oauth_tokens to payymo_directory;
grant delete, select on oauth_tokens to payymo_purge;

create table password_resets (
  person_id uuid not null,
  digest bytea not null,
  expires_at timestamp with time zone not null,
  constraint password_resets_pkey PRIMARY KEY (person_id, digest),
  constraint password_resets_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(person_id)
);
CREATE UNIQUE INDEX password_resets_digest ON public.password_resets USING btree (digest);
CREATE INDEX password_resets_expiry ON public.password_resets USING btree (expires_at);
alter table password_resets enable row level security, force row level security;
create policy directory on password_resets for select to payymo_directory using (true);
create policy person on password_resets for all to payymo_app using ((person_id = (NULLIF(current_setting('app.person'::text, true), ''::text))::uuid)) with check ((person_id = (NULLIF(current_setting('app.person'::text, true), ''::text))::uuid));
grant delete, insert, select on password_resets to payymo_app;
grant select (digest), select (expires_at), select (person_id) on password_resets to payymo_directory;
grant delete, select on password_resets to payymo_purge;

create table payments (
  tenant_id uuid not null,
  id uuid not null,
  match_id uuid not null,
  transaction_id uuid not null,
  invoice_id uuid not null,
  instance_id uuid,
  part integer not null default 1,
  generation integer not null default 1,
  amount_minor bigint not null,
  currency text not null,
  transid text not null,
  paid_on date not null,
  state text not null default 'pending'::text,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone not null default now(),
  lease_until timestamp with time zone,
  fence bigint not null default 0,
  send_started_at timestamp with time zone,
  unknown_since timestamp with time zone,
  reason_code text,
  reason text,
  external_payment_id text,
  applied_at timestamp with time zone,
  verified_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  settled_at timestamp with time zone,
  sends_allowed integer not null default 5,
  lookups_failed integer not null default 0,
  foreign_transids text[] not null default '{}'::text[],
  overruled_transids text[] not null default '{}'::text[],
  checked_at timestamp with time zone,
  resolution text,
  words text not null generated always as (search_words(((transid || ' '::text) || COALESCE(reason, ''::text)))) stored,
  amount_scaled bigint not null generated always as (amount_scaled(amount_minor, currency)) stored,
  traceparent text default NULLIF(current_setting('app.traceparent'::text, true), ''::text),
  offered_fence bigint,
  returned_noted text,
  surplus_minor bigint not null default 0,
  fees_minor bigint,
  constraint payments_tenant_id_instance_id_transid_key UNIQUE (tenant_id, instance_id, transid),
  constraint payments_tenant_id_transaction_id_invoice_id_part_generatio_key UNIQUE (tenant_id, transaction_id, invoice_id, part, generation),
  constraint payments_pkey PRIMARY KEY (tenant_id, id),
  constraint payments_match FOREIGN KEY (tenant_id, match_id) REFERENCES matches(tenant_id, id),
  constraint payments_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint payments_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES whmcs_instances(tenant_id, id),
  constraint payments_tenant_id_invoice_id_fkey FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices(tenant_id, id),
  constraint payments_tenant_id_transaction_id_fkey FOREIGN KEY (tenant_id, transaction_id) REFERENCES transactions(tenant_id, id),
  constraint payments_amount_minor_check CHECK ((amount_minor > 0)),
  constraint payments_fees_minor_check CHECK ((fees_minor >= 0)),
  constraint payments_resolution_check CHECK ((resolution = ANY (ARRAY['applied'::text, 'retry'::text, 'drop'::text]))),
  constraint payments_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'unknown'::text, 'applied'::text, 'refused'::text, 'quarantined'::text, 'reversed'::text]))),
  constraint payments_surplus CHECK (((surplus_minor >= 0) AND (surplus_minor < amount_minor)))
);
CREATE INDEX payments_busy ON public.payments USING btree (tenant_id, instance_id, invoice_id) WHERE ((lease_until IS NOT NULL) OR (state = ANY (ARRAY['sending'::text, 'unknown'::text])));
CREATE INDEX payments_by_creation ON public.payments USING btree (tenant_id, created_at, id);
CREATE INDEX payments_by_invoice ON public.payments USING btree (tenant_id, invoice_id, created_at, id);
CREATE INDEX payments_by_match ON public.payments USING btree (tenant_id, match_id);
CREATE INDEX payments_by_state ON public.payments USING btree (tenant_id, state, created_at, id);
CREATE INDEX payments_by_update ON public.payments USING btree (tenant_id, updated_at, id);
CREATE INDEX payments_due ON public.payments USING btree (tenant_id, next_attempt_at) WHERE (state = ANY (ARRAY['pending'::text, 'sending'::text, 'unknown'::text]));
CREATE INDEX payments_to_check ON public.payments USING btree (tenant_id, applied_at) WHERE (state = 'applied'::text);
CREATE UNIQUE INDEX payments_transid_by_api ON public.payments USING btree (tenant_id, transid) WHERE (instance_id IS NULL);
CREATE INDEX payments_unverified ON public.payments USING btree (tenant_id, applied_at) WHERE ((state = 'applied'::text) AND (verified_at IS NULL));
alter table payments enable row level security, force row level security;
create policy directory on payments for select to payymo_directory using (true);
create policy tenant on payments for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
CREATE CONSTRAINT TRIGGER payments_within_transaction AFTER INSERT OR UPDATE OF amount_minor, state ON public.payments DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION payments_within_transaction();
grant insert, select, update on payments to payymo_app;
grant select (applied_at), select (checked_at), select (instance_id), select (lease_until), select (next_attempt_at), select (state), select (tenant_id), select (unknown_since), select (verified_at) on payments to payymo_directory;
grant delete, select on payments to payymo_purge;

create table payouts (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  balance_transaction_id text,
  failure_balance_transaction_id text,
  amount_minor bigint not null,
  currency text not null,
  status text not null,
  automatic boolean not null,
  method text,
  to_bank boolean not null default true,
  arrival_on date not null,
  descriptor text not null default ''::text,
  trace_id text,
  destination_last4 text,
  reconciliation_status text,
  failure_code text,
  failure_message text,
  composition text not null default 'open'::text,
  composed_at timestamp with time zone,
  items integer,
  items_total_minor bigint,
  fees_total_minor bigint,
  difference_minor bigint,
  bank_transaction_id uuid,
  bank_found_by text,
  reconciled_at timestamp with time zone,
  occurred_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  composition_note text,
  bank_candidates uuid[] not null default '{}'::uuid[],
  bank_refused uuid[] not null default '{}'::uuid[],
  bank_returned uuid[] not null default '{}'::uuid[],
  amount_scaled bigint not null generated always as (amount_scaled(amount_minor, currency)) stored,
  words text not null generated always as (search_words(((((((((((((external_id || ' '::text) || status) || ' '::text) || descriptor) || ' '::text) || COALESCE(trace_id, ''::text)) || ' '::text) || COALESCE(destination_last4, ''::text)) || ' '::text) || COALESCE(failure_code, ''::text)) || ' '::text) || COALESCE(failure_message, ''::text)))) stored,
  constraint payouts_tenant_id_connection_id_external_id_key UNIQUE (tenant_id, connection_id, external_id),
  constraint payouts_pkey PRIMARY KEY (tenant_id, id),
  constraint payouts_tenant_id_bank_transaction_id_fkey FOREIGN KEY (tenant_id, bank_transaction_id) REFERENCES transactions(tenant_id, id),
  constraint payouts_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES stripe_connections(tenant_id, id),
  constraint payouts_composition_check CHECK ((composition = ANY (ARRAY['open'::text, 'itemised'::text, 'deduced'::text, 'unexplained'::text])))
);
CREATE UNIQUE INDEX payouts_bank_line ON public.payouts USING btree (tenant_id, bank_transaction_id) WHERE (bank_transaction_id IS NOT NULL);
CREATE INDEX payouts_by_arrival ON public.payouts USING btree (tenant_id, connection_id, arrival_on);
CREATE INDEX payouts_by_creation ON public.payouts USING btree (tenant_id, created_at, id);
CREATE INDEX payouts_by_update ON public.payouts USING btree (tenant_id, updated_at, id);
CREATE INDEX payouts_unfound ON public.payouts USING btree (tenant_id, arrival_on) WHERE ((bank_transaction_id IS NULL) AND to_bank);
alter table payouts enable row level security, force row level security;
create policy tenant on payouts for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on payouts to payymo_app;
grant delete, select on payouts to payymo_purge;

create table people (
  person_id uuid not null,
  email text not null,
  email_key text not null,
  password_hash text not null,
  password_changed_at timestamp with time zone not null,
  totp_secret bytea,
  totp_pending bytea,
  totp_step bigint not null default 0,
  code_failures integer not null default 0,
  codes_held_until timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint people_email_key_key UNIQUE (email_key),
  constraint people_pkey PRIMARY KEY (person_id),
  constraint people_email_key_check CHECK ((email_key = lower(email_key)))
);
alter table people enable row level security, force row level security;
create policy directory on people for select to payymo_directory using (true);
create policy person on people for all to payymo_app using ((person_id = (NULLIF(current_setting('app.person'::text, true), ''::text))::uuid)) with check ((person_id = (NULLIF(current_setting('app.person'::text, true), ''::text))::uuid));
grant insert, select, update on people to payymo_app;
grant select (email_key), select (person_id) on people to payymo_directory;
grant delete, select on people to payymo_purge;

create table provider_credentials (
  tenant_id uuid not null,
  id uuid not null,
  provider text not null,
  sealed bytea not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint provider_credentials_tenant_id_provider_key UNIQUE (tenant_id, provider),
  constraint provider_credentials_pkey PRIMARY KEY (tenant_id, id),
  constraint provider_credentials_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint provider_credentials_provider_check CHECK ((provider = ANY (ARRAY['gocardless'::text, 'enablebanking'::text, 'stripe'::text])))
);
alter table provider_credentials enable row level security, force row level security;
create policy tenant on provider_credentials for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select, update on provider_credentials to payymo_app;
grant delete, select on provider_credentials to payymo_purge;

create table rate_cells (
  subject text not null,
  started_ms bigint not null,
  previous integer not null,
  current integer not null,
  constraint rate_cells_pkey PRIMARY KEY (subject)
);
grant delete, insert, select, update on rate_cells to payymo_app;

create table recovery_codes (
  person_id uuid not null,
  digest bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint recovery_codes_pkey PRIMARY KEY (person_id, digest),
  constraint recovery_codes_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(person_id)
);
alter table recovery_codes enable row level security, force row level security;
create policy person on recovery_codes for all to payymo_app using ((person_id = (NULLIF(current_setting('app.person'::text, true), ''::text))::uuid)) with check ((person_id = (NULLIF(current_setting('app.person'::text, true), ''::text))::uuid));
grant delete, insert, select on recovery_codes to payymo_app;
grant delete, select on recovery_codes to payymo_purge;

create table schema_migrations (
  version integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migrations_pkey PRIMARY KEY (version)
);

create table sessions (
  person_id uuid not null,
  id uuid not null,
  digest bytea not null,
  started_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  signed_in_at timestamp with time zone not null,
  constraint sessions_pkey PRIMARY KEY (person_id, id),
  constraint sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(person_id)
);
CREATE UNIQUE INDEX sessions_digest ON public.sessions USING btree (digest);
CREATE INDEX sessions_seen ON public.sessions USING btree (seen_at);
alter table sessions enable row level security, force row level security;
create policy directory on sessions for select to payymo_directory using (true);
create policy person on sessions for all to payymo_app using ((person_id = (NULLIF(current_setting('app.person'::text, true), ''::text))::uuid)) with check ((person_id = (NULLIF(current_setting('app.person'::text, true), ''::text))::uuid));
grant delete, insert, select, update on sessions to payymo_app;
grant select (digest), select (id), select (person_id), select (seen_at), select (started_at) on sessions to payymo_directory;
grant delete, select on sessions to payymo_purge;

create table spot_checks (
  tenant_id uuid not null,
  match_id uuid not null,
  sampled_at timestamp with time zone not null,
  answer text,
  answered_by text,
  answered_at timestamp with time zone,
  constraint spot_checks_pkey PRIMARY KEY (tenant_id, match_id),
  constraint spot_checks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint spot_checks_tenant_id_match_id_fkey FOREIGN KEY (tenant_id, match_id) REFERENCES matches(tenant_id, id),
  constraint spot_checks_answer_check CHECK ((answer = ANY (ARRAY['right'::text, 'wrong'::text]))),
  constraint spot_checks_check CHECK ((((answer IS NULL) = (answered_by IS NULL)) AND ((answer IS NULL) = (answered_at IS NULL))))
);
CREATE INDEX spot_checks_answered ON public.spot_checks USING btree (tenant_id, answered_at) WHERE (answer IS NOT NULL);
CREATE INDEX spot_checks_sampled ON public.spot_checks USING btree (tenant_id, sampled_at);
alter table spot_checks enable row level security, force row level security;
create policy tenant on spot_checks for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on spot_checks to payymo_app;
grant delete, select on spot_checks to payymo_purge;

create table stripe_charges (
  tenant_id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  transaction_id uuid,
  payment_intent_id text,
  customer_id text,
  session_ids text[] not null default '{}'::text[],
  balance_transaction_id text,
  amount_minor bigint not null,
  captured_minor bigint not null,
  refunded_minor bigint not null,
  currency text not null,
  status text not null,
  captured boolean not null,
  disputed boolean not null,
  payer_name text not null default ''::text,
  payer_email text not null default ''::text,
  description text not null default ''::text,
  descriptor text not null default ''::text,
  method text,
  failure text,
  names json not null default '[]'::json,
  looked_around boolean not null default false,
  occurred_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  read_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  unsettled boolean not null default false,
  constraint stripe_charges_pkey PRIMARY KEY (tenant_id, connection_id, external_id),
  constraint stripe_charges_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES stripe_connections(tenant_id, id),
  constraint stripe_charges_tenant_id_transaction_id_fkey FOREIGN KEY (tenant_id, transaction_id) REFERENCES transactions(tenant_id, id)
);
CREATE INDEX stripe_charges_by_intent ON public.stripe_charges USING btree (tenant_id, connection_id, payment_intent_id);
CREATE INDEX stripe_charges_by_transaction ON public.stripe_charges USING btree (tenant_id, transaction_id);
CREATE INDEX stripe_charges_open ON public.stripe_charges USING btree (tenant_id, connection_id, external_id) WHERE ((status = 'pending'::text) OR ((status = 'succeeded'::text) AND (balance_transaction_id IS NULL)));
CREATE INDEX stripe_charges_unnamed ON public.stripe_charges USING btree (tenant_id, connection_id, occurred_at) WHERE (NOT looked_around);
CREATE INDEX stripe_charges_unread ON public.stripe_charges USING btree (tenant_id, connection_id, read_at) WHERE ((status = 'pending'::text) OR ((status = 'succeeded'::text) AND (balance_transaction_id IS NULL)));
CREATE INDEX stripe_charges_unsettled ON public.stripe_charges USING btree (tenant_id, connection_id, external_id) WHERE unsettled;
alter table stripe_charges enable row level security, force row level security;
create policy tenant on stripe_charges for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on stripe_charges to payymo_app;
grant delete, select on stripe_charges to payymo_purge;

create table stripe_connections (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  account_id text,
  account text,
  account_name text,
  country text,
  default_currency text,
  livemode boolean not null,
  scope text,
  status text not null default 'pending'::text,
  error_code text,
  error_message text,
  sealed_api_key bytea,
  sealed_webhook_secret bytea,
  missing_permissions text[] not null default '{}'::text[],
  connected_at timestamp with time zone,
  disconnected_at timestamp with time zone,
  disconnect_reason text,
  last_sync_at timestamp with time zone,
  next_sync_at timestamp with time zone,
  sync_until timestamp with time zone,
  backfill_from timestamp with time zone,
  backfill_before text,
  ledger_top text,
  backfilled_at timestamp with time zone,
  ledger_cursor text,
  charges_from timestamp with time zone,
  deep_at timestamp with time zone,
  webhook_at timestamp with time zone,
  events_from timestamp with time zone,
  quiet_syncs integer not null default 0,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  walk_from timestamp with time zone,
  charges_before text,
  charges_walk_at timestamp with time zone,
  has_older_rows boolean,
  backfill_days smallint,
  constraint stripe_connections_pkey PRIMARY KEY (tenant_id, id),
  constraint stripe_connections_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint stripe_connections_backfill_days CHECK (((backfill_days >= 1) AND (backfill_days <= 730))),
  constraint stripe_connections_kind_check CHECK ((kind = ANY (ARRAY['connect_oauth'::text, 'restricted_key'::text]))),
  constraint stripe_connections_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'error'::text, 'disconnected'::text])))
);
CREATE UNIQUE INDEX stripe_connections_account ON public.stripe_connections USING btree (account) WHERE ((account IS NOT NULL) AND (status = ANY (ARRAY['active'::text, 'error'::text])));
CREATE INDEX stripe_connections_by_account ON public.stripe_connections USING btree (account_id, livemode) WHERE (account_id IS NOT NULL);
CREATE INDEX stripe_connections_by_update ON public.stripe_connections USING btree (tenant_id, updated_at, id);
CREATE INDEX stripe_connections_due ON public.stripe_connections USING btree (next_sync_at) WHERE (next_sync_at IS NOT NULL);
alter table stripe_connections enable row level security, force row level security;
create policy directory on stripe_connections for select to payymo_directory using (true);
create policy tenant on stripe_connections for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on stripe_connections to payymo_app;
grant select (account_id), select (id), select (kind), select (livemode), select (next_sync_at), select (status), select (sync_until), select (tenant_id) on stripe_connections to payymo_directory;
grant delete, select on stripe_connections to payymo_purge;

create table stripe_events (
  tenant_id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  type text not null,
  object_id text,
  occurred_at timestamp with time zone not null,
  state text not null default 'waiting'::text,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone not null default now(),
  error text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint stripe_events_pkey PRIMARY KEY (tenant_id, connection_id, external_id),
  constraint stripe_events_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES stripe_connections(tenant_id, id),
  constraint stripe_events_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'ignored'::text, 'failed'::text])))
);
CREATE INDEX stripe_events_old ON public.stripe_events USING btree (tenant_id, created_at);
CREATE INDEX stripe_events_waiting ON public.stripe_events USING btree (tenant_id, connection_id, next_attempt_at) WHERE (state = 'waiting'::text);
alter table stripe_events enable row level security, force row level security;
create policy directory on stripe_events for select to payymo_directory using (true);
create policy tenant on stripe_events for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select, update on stripe_events to payymo_app;
grant select (connection_id), select (created_at), select (next_attempt_at), select (state), select (tenant_id) on stripe_events to payymo_directory;
grant delete, select on stripe_events to payymo_purge;

create table stripe_ledger (
  tenant_id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  type text not null,
  category text not null,
  amount_minor bigint not null,
  fee_minor bigint not null,
  net_minor bigint not null,
  currency text not null,
  exchange_rate text,
  source_id text,
  charge_id text,
  payout_id uuid,
  status text not null,
  available_on date,
  occurred_at timestamp with time zone not null,
  description text not null default ''::text,
  fee_details json not null default '[]'::json,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint stripe_ledger_pkey PRIMARY KEY (tenant_id, connection_id, external_id),
  constraint stripe_ledger_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES stripe_connections(tenant_id, id),
  constraint stripe_ledger_tenant_id_payout_id_fkey FOREIGN KEY (tenant_id, payout_id) REFERENCES payouts(tenant_id, id)
);
CREATE INDEX stripe_ledger_by_charge ON public.stripe_ledger USING btree (tenant_id, connection_id, charge_id) WHERE (charge_id IS NOT NULL);
CREATE INDEX stripe_ledger_by_payout ON public.stripe_ledger USING btree (tenant_id, payout_id) WHERE (payout_id IS NOT NULL);
CREATE INDEX stripe_ledger_by_source ON public.stripe_ledger USING btree (tenant_id, connection_id, source_id);
CREATE INDEX stripe_ledger_by_time ON public.stripe_ledger USING btree (tenant_id, connection_id, currency, occurred_at);
alter table stripe_ledger enable row level security, force row level security;
create policy tenant on stripe_ledger for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on stripe_ledger to payymo_app;
grant delete, select on stripe_ledger to payymo_purge;

create table stripe_reads (
  tenant_id uuid not null,
  connection_id uuid not null,
  day date not null,
  reads integer not null default 0,
  charges integer not null default 0,
  constraint stripe_reads_pkey PRIMARY KEY (tenant_id, connection_id, day),
  constraint stripe_reads_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES stripe_connections(tenant_id, id)
);
alter table stripe_reads enable row level security, force row level security;
create policy directory on stripe_reads for select to payymo_directory using (true);
create policy tenant on stripe_reads for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select, update on stripe_reads to payymo_app;
grant select (charges), select (connection_id), select (day), select (reads), select (tenant_id) on stripe_reads to payymo_directory;
grant delete, select on stripe_reads to payymo_purge;

create table stripe_returns (
  tenant_id uuid not null,
  connection_id uuid not null,
  external_id text not null,
  kind text not null,
  charge_id text not null,
  transaction_id uuid,
  amount_minor bigint not null,
  currency text not null,
  status text not null,
  reason text,
  final boolean not null,
  occurred_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  read_at timestamp with time zone not null default '-infinity'::timestamp with time zone,
  told_at timestamp with time zone,
  constraint stripe_returns_pkey PRIMARY KEY (tenant_id, connection_id, external_id),
  constraint stripe_returns_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES stripe_connections(tenant_id, id),
  constraint stripe_returns_tenant_id_transaction_id_fkey FOREIGN KEY (tenant_id, transaction_id) REFERENCES transactions(tenant_id, id),
  constraint stripe_returns_kind_check CHECK ((kind = ANY (ARRAY['refund'::text, 'dispute'::text])))
);
CREATE INDEX stripe_returns_by_charge ON public.stripe_returns USING btree (tenant_id, connection_id, charge_id);
CREATE INDEX stripe_returns_open ON public.stripe_returns USING btree (tenant_id, connection_id, external_id) WHERE (NOT final);
alter table stripe_returns enable row level security, force row level security;
create policy tenant on stripe_returns for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on stripe_returns to payymo_app;
grant delete, select on stripe_returns to payymo_purge;

create table stripe_states (
  tenant_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  state_digest bytea not null,
  actor json not null,
  livemode boolean not null,
  redirect_url text not null,
  way text not null,
  expires_at timestamp with time zone not null,
  consumed_at timestamp with time zone,
  outcome text,
  error text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint stripe_states_pkey PRIMARY KEY (tenant_id, id),
  constraint stripe_states_tenant_id_connection_id_fkey FOREIGN KEY (tenant_id, connection_id) REFERENCES stripe_connections(tenant_id, id),
  constraint stripe_states_outcome_check CHECK ((outcome = ANY (ARRAY['connected'::text, 'declined'::text, 'failed'::text]))),
  constraint stripe_states_way_check CHECK ((way = ANY (ARRAY['caller'::text, 'browser'::text])))
);
CREATE UNIQUE INDEX stripe_states_digest ON public.stripe_states USING btree (state_digest);
alter table stripe_states enable row level security, force row level security;
create policy directory on stripe_states for select to payymo_directory using (true);
create policy tenant on stripe_states for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on stripe_states to payymo_app;
grant select (id), select (state_digest), select (tenant_id) on stripe_states to payymo_directory;
grant delete, select on stripe_states to payymo_purge;

create table tenants (
  tenant_id uuid not null,
  parent_id uuid,
  slug text not null,
  name text not null,
  kind text not null,
  tier text not null default 'standard'::text,
  environment text not null default 'live'::text,
  status text not null default 'active'::text,
  settings json not null default '{}'::json,
  branding json not null default '{}'::json,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  suspended_by text,
  deleted_at timestamp with time zone,
  ended_at timestamp with time zone,
  exported_at timestamp with time zone,
  purge_until timestamp with time zone,
  purged_at timestamp with time zone,
  constraint tenants_slug_key UNIQUE (slug),
  constraint tenants_pkey PRIMARY KEY (tenant_id),
  constraint tenants_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES tenants(tenant_id),
  constraint tenants_environment_check CHECK ((environment = ANY (ARRAY['live'::text, 'sandbox'::text]))),
  constraint tenants_kind_check CHECK ((kind = ANY (ARRAY['customer'::text, 'partner'::text, 'operator'::text]))),
  constraint tenants_slug_check CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
  constraint tenants_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'deleted'::text]))),
  constraint tenants_suspended_by_check CHECK ((suspended_by = ANY (ARRAY['operator'::text, 'partner'::text]))),
  constraint tenants_tier_check CHECK ((tier = ANY (ARRAY['standard'::text, 'premium'::text])))
);
CREATE INDEX tenants_by_parent ON public.tenants USING btree (parent_id) WHERE (parent_id IS NOT NULL);
CREATE UNIQUE INDEX tenants_custom_domain ON public.tenants USING btree (((branding ->> 'custom_domain'::text))) WHERE (status <> 'deleted'::text);
alter table tenants enable row level security, force row level security;
create policy directory on tenants for select to payymo_directory using (true);
create policy tenant on tenants for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on tenants to payymo_app;
grant select (branding), select (created_at), select (deleted_at), select (ended_at), select (environment), select (kind), select (name), select (parent_id), select (purge_until), select (purged_at), select (settings), select (slug), select (status), select (suspended_by), select (tenant_id), select (tier), select (updated_at) on tenants to payymo_directory;

create table transaction_aliases (
  tenant_id uuid not null,
  account_id uuid not null,
  kind text not null,
  value text not null,
  transaction_id uuid not null,
  created_at timestamp with time zone not null default now(),
  constraint transaction_aliases_pkey PRIMARY KEY (tenant_id, account_id, kind, value, transaction_id),
  constraint transaction_aliases_tenant_id_account_id_fkey FOREIGN KEY (tenant_id, account_id) REFERENCES accounts(tenant_id, id),
  constraint transaction_aliases_tenant_id_transaction_id_fkey FOREIGN KEY (tenant_id, transaction_id) REFERENCES transactions(tenant_id, id)
);
CREATE UNIQUE INDEX transaction_aliases_internal ON public.transaction_aliases USING btree (tenant_id, account_id, value) WHERE (kind = 'internal'::text);
CREATE INDEX transaction_aliases_of ON public.transaction_aliases USING btree (tenant_id, transaction_id);
alter table transaction_aliases enable row level security, force row level security;
create policy tenant on transaction_aliases for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant delete, insert, select on transaction_aliases to payymo_app;
grant delete, select on transaction_aliases to payymo_purge;

create table transactions (
  tenant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  external_id text,
  source text not null,
  direction text not null,
  amount_minor bigint not null,
  currency text not null,
  status text not null default 'processed'::text,
  match_status text not null default 'unmatched'::text,
  booked_on date not null,
  value_on date,
  booked_at timestamp with time zone not null,
  reference text not null default ''::text,
  description text not null default ''::text,
  counterparty_name text not null default ''::text,
  counterparty_iban text,
  identity_key text not null,
  fingerprint text not null,
  missing_at_bank boolean not null default false,
  possible_duplicate_of uuid,
  allocated_minor bigint not null default 0,
  note text,
  provider_data json,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  words text not null generated always as (search_words(((((((((((COALESCE(external_id, ''::text) || ' '::text) || reference) || ' '::text) || description) || ' '::text) || counterparty_name) || ' '::text) || COALESCE("right"(counterparty_iban, 4), ''::text)) || ' '::text) || COALESCE(note, ''::text)))) stored,
  amount_scaled bigint not null generated always as (amount_scaled(amount_minor, currency)) stored,
  void boolean not null default false,
  constraint transactions_pkey PRIMARY KEY (tenant_id, id),
  constraint transactions_tenant_id_account_id_fkey FOREIGN KEY (tenant_id, account_id) REFERENCES accounts(tenant_id, id),
  constraint transactions_amount_minor_check CHECK ((amount_minor >= 0)),
  constraint transactions_check CHECK (((allocated_minor >= 0) AND (allocated_minor <= amount_minor))),
  constraint transactions_direction_check CHECK ((direction = ANY (ARRAY['credit'::text, 'debit'::text]))),
  constraint transactions_match_status_check CHECK ((match_status = ANY (ARRAY['unmatched'::text, 'suggested'::text, 'matched'::text, 'applied'::text, 'transfer'::text]))),
  constraint transactions_source_check CHECK ((source = ANY (ARRAY['bank'::text, 'file'::text, 'stripe'::text, 'api'::text]))),
  constraint transactions_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processed'::text, 'ignored'::text])))
);
CREATE INDEX transactions_by_amount ON public.transactions USING btree (tenant_id, amount_scaled, id);
CREATE INDEX transactions_by_creation ON public.transactions USING btree (tenant_id, created_at, id);
CREATE INDEX transactions_by_date ON public.transactions USING btree (tenant_id, booked_at, id);
CREATE INDEX transactions_by_day ON public.transactions USING btree (tenant_id, account_id, booked_on);
CREATE INDEX transactions_by_external_id ON public.transactions USING btree (tenant_id, external_id, created_at, id) WHERE (external_id IS NOT NULL);
CREATE INDEX transactions_by_match ON public.transactions USING btree (tenant_id, match_status, created_at, id);
CREATE INDEX transactions_by_update ON public.transactions USING btree (tenant_id, updated_at, id);
CREATE UNIQUE INDEX transactions_identity ON public.transactions USING btree (tenant_id, account_id, identity_key);
CREATE INDEX transactions_not_processed ON public.transactions USING btree (tenant_id, status, created_at, id) WHERE (status <> 'processed'::text);
CREATE INDEX transactions_of_account ON public.transactions USING btree (tenant_id, account_id, created_at, id);
CREATE UNIQUE INDEX transactions_of_stripe ON public.transactions USING btree (tenant_id, account_id, external_id) WHERE (source = 'stripe'::text);
CREATE INDEX transactions_open ON public.transactions USING btree (tenant_id, id) WHERE ((direction = 'credit'::text) AND (status = 'processed'::text) AND (match_status = ANY (ARRAY['unmatched'::text, 'suggested'::text])));
CREATE UNIQUE INDEX transactions_posted ON public.transactions USING btree (tenant_id, account_id, external_id) WHERE ((source = 'api'::text) AND (external_id IS NOT NULL));
alter table transactions enable row level security, force row level security;
create policy tenant on transactions for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on transactions to payymo_app;
grant delete, select on transactions to payymo_purge;

create table undos (
  tenant_id uuid not null,
  id uuid not null,
  match_id uuid not null,
  transaction_id uuid not null,
  invoice_id uuid not null,
  instance_id uuid not null,
  generation integer not null,
  transid text not null,
  state text not null default 'pending'::text,
  step text,
  answered text,
  refusals json not null default '{}'::json,
  attempts integer not null default 0,
  sends_allowed integer not null default 5,
  lookups_failed integer not null default 0,
  next_attempt_at timestamp with time zone not null default now(),
  lease_until timestamp with time zone,
  fence bigint not null default 0,
  send_started_at timestamp with time zone,
  settled_at timestamp with time zone,
  unknown_since timestamp with time zone,
  surplus_minor bigint,
  total_minor bigint,
  owed_minor bigint,
  taken_at timestamp with time zone,
  external_id text,
  foreign_ids text[] not null default '{}'::text[],
  overruled_ids text[] not null default '{}'::text[],
  notes text[] not null default '{}'::text[],
  remaining text[] not null default '{}'::text[],
  reason_code text,
  reason text,
  resolution text,
  done_at timestamp with time zone,
  checked_at timestamp with time zone,
  traceparent text default NULLIF(current_setting('app.traceparent'::text, true), ''::text),
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint undos_tenant_id_instance_id_transid_key UNIQUE (tenant_id, instance_id, transid),
  constraint undos_pkey PRIMARY KEY (tenant_id, id),
  constraint undos_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint undos_tenant_id_id_fkey FOREIGN KEY (tenant_id, id) REFERENCES payments(tenant_id, id),
  constraint undos_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES whmcs_instances(tenant_id, id),
  constraint undos_tenant_id_invoice_id_fkey FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoices(tenant_id, id),
  constraint undos_tenant_id_match_id_fkey FOREIGN KEY (tenant_id, match_id) REFERENCES matches(tenant_id, id),
  constraint undos_tenant_id_transaction_id_fkey FOREIGN KEY (tenant_id, transaction_id) REFERENCES transactions(tenant_id, id),
  constraint undos_answered_check CHECK ((answered = ANY (ARRAY['money'::text, 'reopen'::text, 'credit'::text]))),
  constraint undos_generation_check CHECK ((generation > 1)),
  constraint undos_resolution_check CHECK ((resolution = ANY (ARRAY['applied'::text, 'retry'::text, 'drop'::text]))),
  constraint undos_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sending'::text, 'unknown'::text, 'done'::text, 'needs_person'::text, 'dropped'::text]))),
  constraint undos_step_check CHECK ((step = ANY (ARRAY['money'::text, 'reopen'::text, 'credit'::text])))
);
CREATE INDEX undos_busy ON public.undos USING btree (tenant_id, instance_id, invoice_id) WHERE ((lease_until IS NOT NULL) OR (state = ANY (ARRAY['sending'::text, 'unknown'::text])));
CREATE INDEX undos_by_match ON public.undos USING btree (tenant_id, match_id);
CREATE INDEX undos_by_transaction ON public.undos USING btree (tenant_id, transaction_id);
CREATE INDEX undos_due ON public.undos USING btree (tenant_id, next_attempt_at) WHERE (state = ANY (ARRAY['pending'::text, 'sending'::text, 'unknown'::text]));
CREATE INDEX undos_to_check ON public.undos USING btree (tenant_id, done_at) WHERE (state = 'done'::text);
alter table undos enable row level security, force row level security;
create policy directory on undos for select to payymo_directory using (true);
create policy tenant on undos for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on undos to payymo_app;
grant select (checked_at), select (done_at), select (instance_id), select (lease_until), select (next_attempt_at), select (state), select (tenant_id), select (unknown_since) on undos to payymo_directory;
grant delete, select on undos to payymo_purge;

create table users (
  tenant_id uuid not null,
  id uuid not null,
  person_id uuid,
  email text not null,
  email_key text not null,
  name text not null default ''::text,
  role text not null,
  status text not null,
  invitation_digest bytea,
  invitation_expires_at timestamp with time zone,
  last_signed_in_at timestamp with time zone,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint users_pkey PRIMARY KEY (tenant_id, id),
  constraint users_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(person_id),
  constraint users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint users_check CHECK (((status <> 'active'::text) OR (person_id IS NOT NULL))),
  constraint users_check1 CHECK (((status <> 'invited'::text) OR (person_id IS NULL))),
  constraint users_check2 CHECK (((invitation_digest IS NULL) = (invitation_expires_at IS NULL))),
  constraint users_check3 CHECK (((invitation_digest IS NULL) OR (status = 'invited'::text))),
  constraint users_check4 CHECK (((deleted_at IS NULL) OR (status = 'disabled'::text))),
  constraint users_email_key_check CHECK ((email_key = lower(email_key))),
  constraint users_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'reviewer'::text, 'viewer'::text]))),
  constraint users_status_check CHECK ((status = ANY (ARRAY['invited'::text, 'active'::text, 'disabled'::text])))
);
CREATE INDEX users_by_person ON public.users USING btree (person_id) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX users_email ON public.users USING btree (tenant_id, email_key) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX users_invitation ON public.users USING btree (invitation_digest) WHERE (invitation_digest IS NOT NULL);
CREATE UNIQUE INDEX users_person ON public.users USING btree (tenant_id, person_id) WHERE (deleted_at IS NULL);
alter table users enable row level security, force row level security;
create policy directory on users for select to payymo_directory using (true);
create policy tenant on users for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on users to payymo_app;
grant select (deleted_at), select (id), select (invitation_digest), select (person_id), select (role), select (status), select (tenant_id) on users to payymo_directory;
grant delete, select on users to payymo_purge;

create table webhooks (
  tenant_id uuid not null,
  id uuid not null,
  url text not null,
  events text[] not null,
  active boolean not null default true,
  disabled_reason text,
  sealed_secret bytea,
  sealed_previous bytea,
  previous_until timestamp with time zone,
  failing_since timestamp with time zone,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint webhooks_pkey PRIMARY KEY (tenant_id, id),
  constraint webhooks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint webhooks_check CHECK (((sealed_secret IS NULL) = (deleted_at IS NOT NULL))),
  constraint webhooks_check1 CHECK (((deleted_at IS NULL) OR (NOT active))),
  constraint webhooks_disabled_reason_check CHECK ((disabled_reason = ANY (ARRAY['gone'::text, 'failing'::text])))
);
alter table webhooks enable row level security, force row level security;
create policy directory on webhooks for select to payymo_directory using (true);
create policy tenant on webhooks for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on webhooks to payymo_app;
grant select (failing_since), select (id), select (tenant_id) on webhooks to payymo_directory;
grant delete, select on webhooks to payymo_purge;

create table whmcs_instances (
  tenant_id uuid not null,
  id uuid not null,
  system_url text not null,
  installation text not null,
  mode text not null,
  api_identifier text,
  sealed_api_secret bytea,
  sealed_access_key bytea,
  sealed_webhook_secret bytea not null,
  payment_method text not null default 'banktransfer'::text,
  status text not null default 'pending'::text,
  error_code text,
  error_message text,
  proof_token text not null,
  verified_at timestamp with time zone,
  verified_by text,
  version text,
  last_seen_at timestamp with time zone,
  last_sync_at timestamp with time zone,
  next_sync_at timestamp with time zone,
  mirrored_at timestamp with time zone,
  slowest_answer_ms integer not null default 0,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  closed_listed_at timestamp with time zone,
  surplus text not null default 'leave'::text,
  confirmation_email boolean not null default true,
  stripe_fees boolean not null default false,
  next_proof_at timestamp with time zone,
  proof_checked_at timestamp with time zone,
  proofs_missed integer not null default 0,
  proof_fault text,
  constraint whmcs_instances_pkey PRIMARY KEY (tenant_id, id),
  constraint whmcs_instances_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(tenant_id),
  constraint whmcs_instances_mode_check CHECK ((mode = ANY (ARRAY['api'::text, 'module'::text]))),
  constraint whmcs_instances_proofs_missed_check CHECK ((proofs_missed >= 0)),
  constraint whmcs_instances_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'error'::text, 'disconnected'::text]))),
  constraint whmcs_instances_surplus_check CHECK ((surplus = ANY (ARRAY['leave'::text, 'credit'::text]))),
  constraint whmcs_instances_verified_by_check CHECK ((verified_by = ANY (ARRAY['module'::text, 'file'::text, 'dns'::text])))
);
CREATE UNIQUE INDEX whmcs_instances_once ON public.whmcs_instances USING btree (tenant_id, installation) WHERE (status <> 'disconnected'::text);
CREATE UNIQUE INDEX whmcs_instances_verified ON public.whmcs_instances USING btree (installation) WHERE ((verified_at IS NOT NULL) AND (status <> 'disconnected'::text));
alter table whmcs_instances enable row level security, force row level security;
create policy directory on whmcs_instances for select to payymo_directory using (true);
create policy tenant on whmcs_instances for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on whmcs_instances to payymo_app;
grant select (error_code), select (id), select (mode), select (next_proof_at), select (next_sync_at), select (status), select (tenant_id), select (verified_at) on whmcs_instances to payymo_directory;
grant delete, select on whmcs_instances to payymo_purge;

create table whmcs_modules (
  tenant_id uuid not null,
  instance_id uuid not null,
  pairing_digest bytea,
  pairing_expires_at timestamp with time zone,
  paired_at timestamp with time zone,
  called_at timestamp with time zone,
  module_version text,
  php_version text,
  cron_last_at timestamp with time zone,
  payment_methods json not null default '[]'::json,
  last_push_at timestamp with time zone,
  full_wanted_at timestamp with time zone,
  full_ended_at timestamp with time zone,
  run_id text,
  run_begun_at timestamp with time zone,
  constraint whmcs_modules_pkey PRIMARY KEY (tenant_id, instance_id),
  constraint whmcs_modules_tenant_id_instance_id_fkey FOREIGN KEY (tenant_id, instance_id) REFERENCES whmcs_instances(tenant_id, id)
);
alter table whmcs_modules enable row level security, force row level security;
create policy directory on whmcs_modules for select to payymo_directory using (true);
create policy tenant on whmcs_modules for all to payymo_app using ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)) with check ((tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid));
grant insert, select, update on whmcs_modules to payymo_app;
grant select (called_at), select (instance_id), select (paired_at), select (tenant_id) on whmcs_modules to payymo_directory;
grant delete, select on whmcs_modules to payymo_purge;

CREATE OR REPLACE FUNCTION public.amount_scaled(amount_minor bigint, currency text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (amount_minor * CASE WHEN (currency = ANY (ARRAY['BIF'::text, 'CLP'::text, 'DJF'::text, 'GNF'::text, 'ISK'::text, 'JPY'::text, 'KMF'::text, 'KRW'::text, 'PYG'::text, 'RWF'::text, 'UGX'::text, 'UYI'::text, 'VND'::text, 'VUV'::text, 'XAF'::text, 'XOF'::text, 'XPF'::text])) THEN 10000 WHEN (currency = ANY (ARRAY['BHD'::text, 'IQD'::text, 'JOD'::text, 'KWD'::text, 'LYD'::text, 'OMR'::text, 'TND'::text])) THEN 10 WHEN (currency = ANY (ARRAY['CLF'::text, 'UYW'::text])) THEN 1 ELSE 100 END);

CREATE OR REPLACE FUNCTION public.json_texts(list json, field text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (SELECT COALESCE(string_agg((item.value ->> json_texts.field), ' '::text), ''::text) AS "coalesce" FROM json_array_elements(json_texts.list) item(value));

CREATE OR REPLACE FUNCTION public.payer_key(name text, iban text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN encode(sha256(convert_to(((lower(name) || '|'::text) || COALESCE(iban, ''::text)), 'UTF8'::name)), 'hex'::text);

CREATE OR REPLACE FUNCTION public.payments_within_transaction()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  allocated bigint;
  available bigint;
begin
  select coalesce(sum(amount_minor), 0) into allocated from payments
   where tenant_id = new.tenant_id and transaction_id = new.transaction_id and state not in ('refused', 'reversed');
  select amount_minor into available from transactions where tenant_id = new.tenant_id and id = new.transaction_id;
  if allocated > available then
    raise exception 'payments of transaction % exceed its amount', new.transaction_id using errcode = '23514', constraint = 'payments_within_transaction';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.search_words(given text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (octet_length(given) = char_length(given)) THEN (regexp_replace((' '::text || lower((given COLLATE "C"))), '[^a-z0-9]+'::text, ' '::text, 'g'::text) COLLATE "C") ELSE (regexp_replace((' '::text || replace(replace(replace(replace(translate(lower((regexp_replace(NORMALIZE(given, NFKD), '[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+'::text, ''::text, 'g'::text) COLLATE "und-x-icu")), 'łđøıħŧðŋĸς'::text, 'ldoihtdnkσ'::text), 'ß'::text, 'ss'::text), 'æ'::text, 'ae'::text), 'œ'::text, 'oe'::text), 'þ'::text, 'th'::text)), '[^[:alnum:]]+'::text, ' '::text, 'g'::text) COLLATE "C") END;
