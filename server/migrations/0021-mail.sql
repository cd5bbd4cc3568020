-- Mails on their way: written in the change that causes them, sent by a worker afterwards. Recipient and content are sealed,
-- for a link in a mail is as good as a password. Locks nothing that exists; instant on any database.
create table mails (
  tenant_id uuid not null references tenants,
  id uuid not null,
  recipient bytea not null,
  -- Erased once the mail has left or was given up.
  content bytea,
  -- queued → sent, or failed: refused for good, or nobody took it for a day.
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  attempts int not null default 0,
  -- Not tried before; null once it is settled.
  due_at timestamptz default now(),
  -- Held by a worker until then.
  lease_until timestamptz,
  -- Why the last try brought nothing: a reply code of SMTP or a word of ours, never what the server wrote.
  reason text,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index mails_due on mails (due_at) where due_at is not null;
create index mails_by_age on mails (tenant_id, created_at);
alter table mails enable row level security, force row level security;
create policy tenant on mails to payymo_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy directory on mails for select to payymo_directory using (true);
grant select, insert, update, delete on mails to payymo_app;
grant select (tenant_id, id, due_at, created_at) on mails to payymo_directory;
