import { type Clock, systemClock } from '../../base/clock.ts'
import type { TenantId } from '../../base/ids.ts'
import type { Database } from '../../database/open.ts'
import { createOutbound } from '../../outbound/index.ts'
import { ownHosts } from '../../provider-wiring.ts'
import { checkCombinations } from './combinations.ts'
import { checkDataFolder } from './data-folder.ts'
import { checkClocks, checkConnections, checkSize, checkTransactions, checkVacuum } from './database-load.ts'
import { checkRoles, checkSafety, checkSchema } from './database-safety.ts'
import { about, bounded, type Finding } from './finding.ts'
import { checkInstallations } from './installations.ts'
import { checkKeySource, checkStoredKeys } from './keys.ts'
import { checkMachine } from './machine.ts'
import { findNamed } from './named-tenant.ts'
import { openForVisit } from './open-database.ts'
import { checkGocardless, checkReach } from './providers.ts'
import { readSettings, type Settings } from './read-settings.ts'
import { checkRedis } from './redis.ts'
import { checkSettings } from './settings.ts'
import { checkMailServer } from './smtp.ts'
import { checkStripe } from './stripe.ts'
import { checkStripeConnections } from './stripe-connections.ts'
import { checkWhmcs } from './whmcs.ts'
import { checkAlerts, checkDue, checkJobs } from './work.ts'

export interface Visit {
  environment: NodeJS.ProcessEnv
  /** Where `.env` lies. */
  folder: string
  /** Call providers and WHMCS too. */
  live: boolean
  /** Slug or id: whose WHMCS to test and whose alerts to show. */
  tenant?: string | undefined
  clock?: Clock
}

/** The longest way is database, its checks, WHMCS, which gets what is left: together below a minute. */
const WAIT_MS = { open: 22_000, check: 6_000, near: 20_000, live: 30_000, whole: 54_000 }
const CLOSE_MS = 2_000

/** Looks at everything and says what it found, in the order of the installation: settings, machine, database, work, mail,
 *  providers. Changes nothing, except that a live test of WHMCS stands in the tenant's audit trail. Never throws: what
 *  cannot be looked at is a finding. Takes at most a minute. */
export async function examine(visit: Visit): Promise<Finding[]> {
  const clock = visit.clock ?? systemClock
  const endsAt = performance.now() + WAIT_MS.whole
  const settings = readSettings(visit.environment, visit.folder)
  const { config } = settings
  const outbound =
    visit.live && config
      ? createOutbound({ allowedPrivateHosts: [...config.allowedPrivateHosts, ...ownHosts(config)] })
      : undefined
  const groups = await Promise.all([
    bounded('settings', WAIT_MS.check, async () => [...checkSettings(settings), ...checkCombinations(settings)]),
    bounded('machine', WAIT_MS.check, async () => checkMachine()),
    bounded('data_folder', WAIT_MS.check, async () => checkDataFolder(settings)),
    bounded('keys.source', WAIT_MS.check, async () => checkKeySource(settings)),
    examineDatabase(settings, { ...visit, clock, endsAt }),
    bounded('redis', WAIT_MS.near, () => checkRedis(settings)),
    bounded('smtp', WAIT_MS.near, () => checkMailServer(settings)),
    bounded('providers', WAIT_MS.live, () => checkReach(settings, outbound)),
    bounded('providers.gocardless_credentials', WAIT_MS.live, () => checkGocardless(settings, outbound, clock)),
    bounded('providers.stripe_keys', WAIT_MS.live, () => checkStripe(settings, outbound)),
  ])
  await atMost(CLOSE_MS, outbound?.close())
  return groups.flat()
}

type TimedVisit = Visit & { clock: Clock; endsAt: number }

async function examineDatabase(settings: Settings, visit: TimedVisit): Promise<Finding[]> {
  let database: Database | undefined
  let tooLate = false
  const opened = await bounded('database', WAIT_MS.open, async () => {
    const answer = await openForVisit(settings)
    if (!('database' in answer)) return answer.finding
    if (tooLate) await answer.database.close()
    else ({ database } = answer)
    return answer.finding
  })
  tooLate = true
  if (!database) return [...opened, ...without(visit)]
  try {
    return [...opened, ...(await lookInto(database, settings, visit))]
  } finally {
    await atMost(CLOSE_MS, database.close())
  }
}

const without = ({ live }: Visit): Finding[] =>
  ['database.schema', 'keys.stored', 'work', 'alerts', ...(live ? ['whmcs'] : [])].map((name) =>
    about(name).skipped('The database was not opened.'),
  )

async function lookInto(database: Database, settings: Settings, visit: TimedVisit): Promise<Finding[]> {
  const { pool } = database
  const check = (name: string, work: () => Promise<Finding | Finding[]>) => bounded(name, WAIT_MS.check, work)
  let usable = false
  const [schema, roles] = await Promise.all([
    check('database.migrations', async () => {
      const { finding, usable: asked } = await checkSchema(pool)
      usable = asked
      return finding
    }),
    check('database.roles', () => checkRoles(pool, database.embedded)),
  ])
  const ready = usable && roles.every(({ check: name, state }) => name !== 'database.roles' || state === 'ok')
  const load = [
    check('database.connections', () => checkConnections(pool)),
    check('database.clock', () => checkClocks(pool, visit.clock)),
    check('database.size', () => checkSize(pool)),
    check('database.transactions', () => checkTransactions(pool)),
    check('database.vacuum', () => checkVacuum(pool)),
  ]
  if (!ready) {
    const rest = ['database.safety', 'keys.stored', 'work', 'alerts', ...(visit.live ? ['whmcs'] : [])]
    const skipped = rest.map((name) => about(name).skipped('Roles and migrations come first (above).'))
    return [...schema, ...roles, ...(await Promise.all(load)).flat(), ...skipped]
  }
  let tenantId: TenantId | undefined
  const named =
    visit.tenant === undefined
      ? []
      : await check('tenant', async () => {
          tenantId = await findNamed(pool, visit.tenant!)
          return tenantId === undefined
            ? about('tenant').problem(
                `No tenant has the slug or id "${visit.tenant}".`,
                './payymo tenants list shows them.',
              )
            : []
        })
  const groups = await Promise.all([
    ...load,
    check('database.safety', () => checkSafety(pool)),
    check('keys.stored', () => checkStoredKeys(pool, settings)),
    check('work.jobs', () => checkJobs(pool)),
    check('work', () => checkDue(pool)),
    check('work.installations', () => checkInstallations(pool)),
    check('work.stripe_connections', () => checkStripeConnections(pool)),
    check('alerts', () => checkAlerts(pool, tenantId)),
  ])
  const found = [...schema, ...roles, ...named, ...groups.flat()]
  return [...found, ...(await examineWhmcs(database, settings, visit, tenantId, found))]
}

async function examineWhmcs(
  database: Database,
  { config, keys, bad }: Settings,
  { live, tenant, endsAt }: TimedVisit,
  tenantId: TenantId | undefined,
  found: Finding[],
): Promise<Finding[]> {
  const { skipped } = about('whmcs')
  if (!live) return [skipped('Nothing is sent outside without --live: no WHMCS installation was called.')]
  if (tenant === undefined) return [skipped('Name a tenant with --tenant: its WHMCS installations are tested then.')]
  if (tenantId === undefined) return [skipped('There is no such tenant.')]
  const firm = ['database.migrations', 'database.safety', 'keys.stored']
  const unsafe = found.some(({ check, state }) => firm.includes(check) && state === 'problem')
  if (!config || bad.size > 0 || !keys.ring || unsafe)
    return [skipped('Settings, database and keys come first (above): Payymo would not start with them.')]
  return bounded('whmcs', Math.max(1_000, endsAt - performance.now()), () =>
    checkWhmcs({ ...config, keyRing: keys.ring! }, database, tenantId),
  )
}

/** Waits for a closing, and not for one that hangs. */
async function atMost(ms: number, closing: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const tired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([closing?.catch(() => {}), tired])
  clearTimeout(timer)
}
