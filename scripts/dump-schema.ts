import type pg from 'pg'

/** The schema as text, from the catalogue: the same from the embedded server and from any PostgreSQL 15 or newer. For people
 *  and for comparison; migrations are what makes it. */
export async function dumpSchema(pool: pg.Pool): Promise<string> {
  const lines = ['-- The sum of server/migrations, made by `npm run generate`. Read it, never run it.', '']
  const { rows: tables } = await pool.query<{ oid: string; name: string; secured: boolean; comment: string | null }>(
    `select c.oid, c.relname as name, c.relrowsecurity and c.relforcerowsecurity as secured, obj_description(c.oid) as comment
       from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 2`,
  )
  for (const table of tables) {
    const parts = await Promise.all([
      texts(pool, COLUMNS, table.oid),
      texts(pool, CONSTRAINTS, table.oid),
      texts(pool, INDEXES, table.oid),
      texts(pool, POLICIES, table.oid),
      texts(pool, GRANTS, table.oid),
      texts(pool, TRIGGERS, table.oid),
    ])
    const [columns, constraints, indexes, policies, grants, triggers] = parts
    lines.push(
      `create table ${table.name} (`,
      [...columns, ...constraints].map((part) => `  ${part}`).join(',\n'),
      ');',
    )
    lines.push(...indexes.map((part) => `${part};`))
    if (table.secured) lines.push(`alter table ${table.name} enable row level security, force row level security;`)
    lines.push(...policies, ...triggers.map((part) => `${part};`), ...grants, '')
  }
  const { rows: functions } = await pool.query<{ text: string }>(
    `select pg_get_functiondef(p.oid) as text from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' order by p.proname`,
  )
  for (const { text } of functions) lines.push(`${text.trim()};`, '')
  return `${lines.join('\n').trimEnd()}\n`
}

async function texts(pool: pg.Pool, sql: string, oid: string): Promise<string[]> {
  return (await pool.query<{ text: string }>(sql, [oid])).rows.map((row) => row.text)
}

const COLUMNS = `select a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
    || case a.attgenerated when 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
       else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end as text
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum`

// Since PostgreSQL 18 "not null" is a constraint of its own there; it stands with the column already.
const CONSTRAINTS = `select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) as text from pg_constraint
 where conrelid = $1 and contype in ('p', 'u', 'f', 'c') order by contype desc, conname`

const INDEXES = `select pg_get_indexdef(i.indexrelid) as text from pg_index i
 where i.indrelid = $1 and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
 order by i.indexrelid::regclass::text`

const POLICIES = `select 'create policy ' || polname || ' on ' || polrelid::regclass || ' for '
    || case polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end
    || ' to ' || (select string_agg(r.rolname, ', ' order by r.rolname) from pg_roles r where r.oid = any (polroles))
    || coalesce(' using (' || pg_get_expr(polqual, polrelid) || ')', '')
    || coalesce(' with check (' || pg_get_expr(polwithcheck, polrelid) || ')', '') || ';' as text
  from pg_policy where polrelid = $1 order by polname`

const GRANTS = `select 'grant ' || string_agg(lower(privilege), ', ' order by privilege) || ' on ' || $1::oid::regclass || ' to ' || grantee || ';' as text
  from (select acl.privilege_type as privilege, r.rolname as grantee
          from pg_class c, aclexplode(c.relacl) acl join pg_roles r on r.oid = acl.grantee
         where c.oid = $1 and r.rolname like 'payymo\\_%'
         union all
        select acl.privilege_type || ' (' || a.attname || ')', r.rolname
          from pg_attribute a, aclexplode(a.attacl) acl join pg_roles r on r.oid = acl.grantee
         where a.attrelid = $1 and r.rolname like 'payymo\\_%') grants
 group by grantee order by grantee`

const TRIGGERS = `select pg_get_triggerdef(oid) as text from pg_trigger where tgrelid = $1 and not tgisinternal order by tgname`
