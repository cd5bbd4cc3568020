import type pg from 'pg'
import { UsageError } from '../base/errors.ts'
import { readMigrations, ROLES } from './migrate.ts'
import { withOwner } from './transaction.ts'

/** What must hold before anything is served (reliability 47). Throws UsageError that names every fault at once. */
export async function checkDatabase(pool: pg.Pool): Promise<void> {
  const faults = await withOwner(pool, async (tx) => [
    ...(await roleFaults(tx.many)),
    ...(await tableFaults(tx.many)),
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
  }>(
    `select rolname, rolsuper, rolbypassrls,
            case when rolname = 'payymo_purge' then pg_has_role(oid, (select oid from pg_roles where rolname = 'payymo_app'), 'usage') end as bounded,
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
  ]
}

async function tableFaults(many: Many): Promise<string[]> {
  const tables = await many<{ name: string; secured: boolean; policed: boolean }>(
    `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as secured,
            exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polcmd = '*'
                       and pg_get_expr(p.polqual, c.oid) like '%app.tenant%'
                       and pg_get_expr(p.polwithcheck, c.oid) like '%app.tenant%') as policed
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
      order by 1`,
  )
  return [
    ...tables.filter((table) => !table.secured).map((table) => `table ${table.name} does not force row-level security`),
    ...tables.filter((table) => !table.policed).map((table) => `table ${table.name} has no policy on its tenant`),
  ]
}

async function versionFaults(many: Many): Promise<string[]> {
  const done = await many<{ version: number }>('select version from schema_migrations order by version')
  const wanted = readMigrations()
  return wanted
    .filter((migration) => !done.some((row) => row.version === migration.version))
    .map((migration) => `migration ${migration.name} has not run`)
}
