import type pg from 'pg'
import { UsageError } from '../base/errors.ts'
import { readMigrations, ROLES } from './migrate.ts'
import { KEPT_TABLES } from './purge.ts'
import { withOwner } from './transaction.ts'

/** What must hold before anything is served (reliability 47). Throws UsageError that names every fault at once. */
export async function checkDatabase(pool: pg.Pool): Promise<void> {
  const faults = await withOwner(pool, async (tx) => [
    ...(await roleFaults(tx.many)),
    ...(await tableFaults(tx.many)),
    ...(await policyFaults(tx.many)),
    ...(await rightFaults(tx.many)),
    ...(await purgeFaults(tx.many)),
    ...(await versionFaults(tx.many)),
  ])
  if (faults.length > 0) {
    throw new UsageError(
      `The database is not set up safely:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\nRun "payymo migrate" with a user that owns the tables, then start again.`,
    )
  }
}

type Many = <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>

async function roleFaults(many: Many): Promise<string[]> {
  const roles = await many<{
    rolname: string
    rolsuper: boolean
    rolbypassrls: boolean
    owns: boolean
    bounded: boolean | null
    wide: boolean | null
  }>(
    `select rolname, rolsuper, rolbypassrls,
            case when rolname = 'payymo_purge' then pg_has_role(oid, (select oid from pg_roles where rolname = 'payymo_app'), 'usage') end as bounded,
            case when rolname in ('payymo_app', 'payymo_purge') then pg_has_role(oid, (select oid from pg_roles where rolname = 'payymo_directory'), 'member') end as wide,
            exists (select 1 from pg_class c where c.relowner = r.oid and c.relnamespace = 'public'::regnamespace) as owns
       from pg_roles r where rolname = any($1)`,
    [ROLES],
  )
  const missing = ROLES.filter((role) => !roles.some((row) => row.rolname === role))
  return [
    ...missing.map((role) => `role ${role} is missing`),
    ...roles.filter((role) => role.rolsuper).map((role) => `role ${role.rolname} is a superuser`),
    ...roles.filter((role) => role.rolbypassrls).map((role) => `role ${role.rolname} may bypass row-level security`),
    ...roles.filter((role) => role.owns).map((role) => `role ${role.rolname} owns tables`),
    ...roles
      .filter((role) => role.bounded === false)
      .map((role) => `role ${role.rolname} is not a member of payymo_app`),
    ...roles.filter((role) => role.wide).map((role) => `role ${role.rolname} is a member of payymo_directory`),
  ]
}

/** Whose rows a table holds, by the column that says so, and the setting its policy must ask for. What belongs to a person and to
 *  no tenant is fenced by the person. */
const FENCES = [
  { column: 'tenant_id', setting: 'app.tenant', whose: 'tenant', but: '' },
  { column: 'person_id', setting: 'app.person', whose: 'person', but: 'tenant_id' },
] as const

async function tableFaults(many: Many): Promise<string[]> {
  const faults: string[] = []
  for (const { column, setting, whose, but } of FENCES) {
    const tables = await many<{ name: string; secured: boolean; policed: boolean }>(
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as secured,
              exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polcmd = '*'
                         and strpos(pg_get_expr(p.polqual, c.oid), $2) > 0
                         and strpos(pg_get_expr(p.polwithcheck, c.oid), $2) > 0) as policed
         from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attname = $1 and not a.attisdropped
        where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
          and not exists (select 1 from pg_attribute b where b.attrelid = c.oid and b.attname = $3 and not b.attisdropped)
        order by 1`,
      [column, setting, but],
    )
    faults.push(
      ...tables
        .filter((table) => !table.secured)
        .map((table) => `table ${table.name} does not force row-level security`),
      ...tables.filter((table) => !table.policed).map((table) => `table ${table.name} has no policy on its ${whose}`),
    )
  }
  return faults
}

/** Policies are joined by "or": one that lets the app see more opens the table, however good the others are. */
async function policyFaults(many: Many): Promise<string[]> {
  const open = await many<{ name: string; policy: string }>(
    `select c.relname as name, p.polname as policy
       from pg_policy p join pg_class c on c.oid = p.polrelid and c.relnamespace = 'public'::regnamespace
      where p.polpermissive
        and (0 = any(p.polroles) or exists (select 1 from pg_roles r where r.oid = any(p.polroles) and r.rolname in ('payymo_app', 'payymo_purge')))
        and (pg_get_expr(p.polqual, c.oid) !~ 'app[.](tenant|person)' or pg_get_expr(p.polwithcheck, c.oid) !~ 'app[.](tenant|person)')
      order by 1, 2`,
  )
  return open.map(({ name, policy }) => `policy ${policy} opens table ${name} to every tenant`)
}

/** Rights that no role of ours has: the app empties no table, nobody rewrites what was audited, the directory only reads. */
async function rightFaults(many: Many): Promise<string[]> {
  const wrong = await many<{ role: string; right: string; name: string }>(
    `select r.rolname as role, w.verb as right, c.relname as name
       from pg_class c cross join pg_roles r
      cross join unnest(array['TRUNCATE', 'UPDATE', 'DELETE', 'INSERT']) as w (verb)
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
        and ((r.rolname in ('payymo_app', 'payymo_purge') and w.verb = 'TRUNCATE')
          or (r.rolname in ('payymo_app', 'payymo_purge') and c.relname = 'audit_events' and w.verb in ('UPDATE', 'DELETE'))
          or r.rolname in ('payymo_directory', 'payymo_ops_read'))
        and case when w.verb in ('INSERT', 'UPDATE') then has_any_column_privilege(r.oid, c.oid, w.verb)
                 else has_table_privilege(r.oid, c.oid, w.verb) end
      order by 1, 3, 2`,
  )
  return wrong.map(({ role, right, name }) => `role ${role} may ${right.toLowerCase()} ${name}`)
}

/** payymo_purge has rights of its own, on tables to come as well (default privileges, migration 0017): on what is fenced by tenant or
 *  person, and on all of that but what outlives a tenant. */
async function purgeFaults(many: Many): Promise<string[]> {
  const tables = await many<{ name: string; granted: boolean; fenced: boolean; ours: boolean; removable: boolean }>(
    `select c.oid::regclass::text as name,
            exists (select 1 from aclexplode(c.relacl) a where a.grantee = purge.oid) as granted,
            c.relrowsecurity and c.relforcerowsecurity
              and exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polcmd = '*'
                             and pg_get_expr(p.polqual, c.oid) ~ 'app[.](tenant|person)') as fenced,
            c.relnamespace = 'public'::regnamespace and c.relname <> all($1) and not c.relispartition
              and exists (select 1 from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id' and not t.attisdropped) as ours,
            has_table_privilege(purge.oid, c.oid, 'SELECT') and has_table_privilege(purge.oid, c.oid, 'DELETE') as removable
       from pg_class c join pg_roles purge on purge.rolname = 'payymo_purge'
      where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace <> all('{pg_catalog,information_schema}'::regnamespace[])
      order by 1`,
    [KEPT_TABLES],
  )
  return [
    ...tables
      .filter((table) => table.granted && !table.fenced)
      .map((table) => `role payymo_purge reaches ${table.name}, which no policy fences`),
    ...tables
      .filter((table) => table.ours && !table.removable)
      .map((table) => `role payymo_purge may not remove rows of ${table.name}`),
  ]
}

async function versionFaults(many: Many): Promise<string[]> {
  const done = await many<{ version: number }>('select version from schema_migrations order by version')
  const wanted = readMigrations()
  return wanted
    .filter((migration) => !done.some((row) => row.version === migration.version))
    .map((migration) => `migration ${migration.name} has not run`)
}
