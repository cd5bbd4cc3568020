import type pg from 'pg'
import { UsageError } from '../../base/errors.ts'
import { readMigrations, ROLES, rolesSql } from '../../database/migrate.ts'
import { checkDatabase } from '../../database/self-check.ts'
import { type Tx, withOwner } from '../../database/transaction.ts'
import { about, type Finding } from './finding.ts'

/** Whether this program's schema is there, whole and no newer. `usable`: the tables can be asked. */
export async function checkSchema(pool: pg.Pool): Promise<{ finding: Finding; usable: boolean }> {
  const check = about('database.migrations')
  return withOwner(pool, async (tx) => {
    const { known, tables } = await tx.one<{ known: boolean; tables: number }>(
      `select to_regclass('public.schema_migrations') is not null as known,
              (select count(*)::int from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace) as tables`,
    )
    if (!known) {
      const finding =
        tables === 0
          ? check.warning(
              'The database is empty.',
              'Nothing is to be done: the first start, or ./payymo migrate, fills it.',
            )
          : check.problem(
              'The database holds tables that are not of Payymo, and none of its own.',
              'Give Payymo a database of its own, and name it in DATABASE_URL.',
              { tables: [String(tables)] },
            )
      return { finding, usable: false }
    }
    const done = await tx.many<{ version: number; name: string; checksum: string }>(
      'select version, name, checksum from schema_migrations order by version',
    )
    const wanted = readMigrations()
    const facts = { applied: done.length, migration: done.at(-1)?.name ?? 'none' }
    const newer = done.filter((row) => !wanted.some(({ version }) => version === row.version))
    const missing = wanted.filter(({ version }) => !done.some((row) => row.version === version)).map(({ name }) => name)
    const changed = wanted.filter((one) =>
      done.some((row) => row.version === one.version && row.checksum !== one.checksum),
    )
    if (newer.length > 0) {
      const finding = check.problem(
        `The database was made by a newer Payymo: it has migration ${newer.at(-1)!.name}.`,
        'Start that version, or restore a backup made by this one.',
        facts,
      )
      return { finding, usable: missing.length === 0 }
    }
    if (changed.length > 0) {
      const names = changed.map(({ name }) => name)
      const finding = check.problem(
        `These migrations are not the ones this database was made with: ${names.join(', ')}.`,
        'Use the Payymo version that made the database.',
        { ...facts, faults: names },
      )
      return { finding, usable: missing.length === 0 }
    }
    if (missing.length > 0) {
      const finding = check.problem(
        `These migrations have not run: ${missing.join(', ')}.`,
        'Save the database, then run ./payymo migrate; a start does the same.',
        { ...facts, missing },
      )
      return { finding, usable: false }
    }
    return {
      finding: check.ok(`All ${done.length} migrations have run, the last of them ${facts.migration}.`, facts),
      usable: true,
    }
  })
}

/** Whether the roles Payymo works as are there and ours to take, and otherwise the SQL that makes them. */
export const checkRoles = (pool: pg.Pool, embedded: boolean): Promise<Finding[]> =>
  withOwner(pool, async (tx) => {
    const check = about('database.roles')
    const me = await tx.one<{ user: string; super: boolean; creates: boolean }>(
      'select current_user as user, rolsuper as super, rolsuper or rolcreaterole as creates from pg_roles where rolname = current_user',
    )
    const present = await tx.many<{ name: string; member: boolean }>(
      "select rolname as name, pg_has_role(current_user, oid, 'member') as member from pg_roles where rolname = any($1)",
      [ROLES],
    )
    const missing = ROLES.filter((role) => !present.some(({ name }) => name === role))
    const foreign = present.filter(({ member }) => !member).map(({ name }) => name)
    const findings: Finding[] = []
    if (missing.length + foreign.length > 0) {
      const sql = sqlFor(me.user, missing, foreign)
      const found = [
        ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
        ...(foreign.length > 0 ? [`not granted to this user: ${foreign.join(', ')}`] : []),
      ].join('; ')
      const facts = { missing, roles: foreign }
      findings.push(
        me.creates
          ? check.warning(
              `Not all roles that Payymo works as are there (${found}).`,
              `Run ./payymo migrate, which makes them; or let an administrator run:\n${sql}`,
              facts,
            )
          : check.problem(
              `Not all roles that Payymo works as are there (${found}).`,
              `Let an administrator run:\n${sql}`,
              facts,
            ),
      )
    } else findings.push(check.ok(`The ${ROLES.length} roles are there: ${ROLES.join(', ')}.`))
    if (me.super && !embedded) {
      findings.push(
        about('database.user').warning(
          'The user of DATABASE_URL is a superuser, whom no rule of the database holds.',
          'Let a user without that right own the database, and make the roles for it (docs/operating.md, PostgreSQL).',
        ),
      )
    }
    return findings
  })

/** Only what is not there yet, so that it runs without an error. */
function sqlFor(user: string, missing: readonly string[], foreign: readonly string[]): string {
  const quoted = user.replaceAll('"', '""')
  const lines = rolesSql(quoted).split('\n')
  return [
    ...lines.filter((line) => missing.some((role) => line.startsWith(`create role ${role} `))),
    ...foreign.map((role) => `grant ${role} to "${quoted}";`),
    ...lines.filter((line) => line.startsWith('grant ')),
  ].join('\n')
}

/** What the program checks at each start (reliability 47), all faults with the SQL that mends them. */
export async function checkSafety(pool: pg.Pool): Promise<Finding> {
  const check = about('database.safety')
  const faults = await checkDatabase(pool).then(
    () => [],
    (error: unknown) => {
      if (!(error instanceof UsageError)) throw error
      return [...error.message.matchAll(/^ {2}- (.*)$/gm)].map((match) => match[1]!)
    },
  )
  // Told by the checks of roles and migrations, with what to do there.
  const own = faults.filter((fault) => !/^(role \w+ is missing|migration .* has not run)$/.test(fault))
  if (own.length === 0)
    return check.ok('Tenants are kept apart: row-level security is forced, and no role has a right too many.')
  const owner = await withOwner(pool, (tx: Tx) => tx.one<{ name: string }>('select current_user as name'))
  // A table that is named for its own fault is mended itself, and then fenced again.
  const fenced = (table: string) => own.some((fault) => fault.startsWith(`table ${table} `))
  const mended = own.filter((fault) => !fenced(/^role \w+ reaches (\S+),/.exec(fault)?.[1] ?? ''))
  const sql = mended.map((fault) => mend(fault, owner.name.replaceAll('"', '""'))).filter((line) => line !== undefined)
  return check.problem(
    `The database is not set up safely: ${own.join('; ')}.`,
    sql.length === 0
      ? 'Restore these policies as server/migrations makes them, as the owner of the tables.'
      : `Let an administrator run, and find out who changed it:\n${sql.join('\n')}`,
    { faults: own },
  )
}

const MENDS: [RegExp, (parts: string[], owner: string) => string][] = [
  [/^role (\w+) is a superuser$/, ([role]) => `alter role ${role} nosuperuser;`],
  [/^role (\w+) may bypass row-level security$/, ([role]) => `alter role ${role} nobypassrls;`],
  [/^role (\w+) owns tables$/, ([role], owner) => `reassign owned by ${role} to "${owner}";`],
  [/^role (\w+) is not a member of (\w+)$/, ([role, of]) => `grant ${of} to ${role};`],
  [/^role (\w+) is a member of (\w+)$/, ([role, of]) => `revoke ${of} from ${role};`],
  [
    /^table (\S+) does not force row-level security$/,
    ([table]) => `alter table "${table}" enable row level security, force row level security;`,
  ],
  [/^policy (\S+) opens table (\S+) to every tenant$/, ([policy, table]) => `drop policy "${policy}" on "${table}";`],
  [/^role (\w+) may not remove rows of (\S+)$/, ([role, table]) => `grant select, delete on ${table} to ${role};`],
  [/^role (\w+) reaches (\S+), which no policy fences$/, ([role, table]) => `revoke all on ${table} from ${role};`],
  [/^role (\w+) may (\w+) (\S+)$/, ([role, right, table]) => `revoke ${right} on "${table}" from ${role};`],
]

function mend(fault: string, owner: string): string | undefined {
  for (const [shape, sql] of MENDS) {
    const parts = shape.exec(fault)
    if (parts) return sql(parts.slice(1), owner)
  }
  return undefined
}
