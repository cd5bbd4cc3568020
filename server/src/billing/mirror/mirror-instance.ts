import type { Clock, Scaled } from '../../base/clock.ts'
import type { Id, TenantId } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import type { Store } from '../../events/store.ts'
import { BillingError } from '../billing-system.ts'
import type { BillingConnections } from '../connections.ts'
import type { ClientDirectory } from '../whmcs/system.ts'
import { getInstance } from '../instances/queries.ts'
import { MIRROR_JOB } from './job-name.ts'
import { listKnown, listStale, setEmails } from './queries.ts'
import { readInstallation } from './read-installation.ts'
import { saveInvoices } from './save-invoices.ts'
import { settleFailed, settleRead } from './settle-run.ts'

export interface MirrorDeps {
  store: Store
  connections: Pick<BillingConnections, 'open' | 'slowestAnswerMs'>
  clock: Clock
  scaled: Scaled
  /** Hears of invoices that could not be read and were left out. */
  report: (instanceId: Id<'whm'>, error: BillingError) => void
  /** Invoices asked for in one run; tests take few. */
  readsMax?: number
}

export const mirrorActor = systemActor(MIRROR_JOB)

/** One run stays well within its job's time, whatever the installation answers, and the next takes up where it ended. */
const READS_MAX = 1_000
const RUN_MS_MAX = 4 * 60_000
/** Old installations lower a balance without changing anything a list shows: each open invoice is read once a day. */
const STALE_MS = 24 * 3_600_000
const STALE_READS_MAX = 50

/** Brings the mirror of one installation up to date. Whatever WHMCS does wrong becomes the state of the instance, not an
 *  exception. */
export async function mirrorInstance(deps: MirrorDeps, tenantId: TenantId, instanceId: Id<'whm'>): Promise<void> {
  const { store, connections, clock, scaled } = deps
  const start = await store.read(tenantId, async (tx) => {
    const instance = await getInstance(tx, instanceId)
    if (!instance || instance.status === 'disconnected' || instance.mode === 'module') return undefined
    return {
      instance,
      known: await listKnown(tx, instanceId),
      stale: await listStale(tx, instanceId, scaled(STALE_MS), STALE_READS_MAX),
    }
  })
  if (!start) return
  const { instance } = start
  const listedAt = instance.closedListedAt?.getTime() ?? Number.NEGATIVE_INFINITY
  const allClosed = clock.now().getTime() - listedAt > scaled(STALE_MS)
  const endsAt = performance.now() + RUN_MS_MAX
  let readsLeft = deps.readsMax ?? READS_MAX
  try {
    const system = await connections.open(tenantId, instanceId)
    const complete = await readInstallation({
      system,
      known: start.known,
      stale: start.stale,
      allClosed,
      today: clock.now().toISOString().slice(0, 10),
      mayRead: () => readsLeft-- > 0 && performance.now() < endsAt,
      save: async (read) => {
        await store.change(tenantId, mirrorActor, (tx) =>
          saveInvoices(tx, instanceId, read, instance.mirroredAt !== null),
        )
      },
      report: (error) => deps.report(instanceId, error),
    })
    if (complete && allClosed) await readEmails(deps, tenantId, instanceId, system)
    const run = {
      complete,
      closedListed: complete && allClosed,
      slowestAnswerMs: connections.slowestAnswerMs(instanceId),
    }
    await store.change(tenantId, mirrorActor, (tx) => settleRead(tx, instanceId, run, scaled))
  } catch (error) {
    if (!(error instanceof BillingError)) throw error
    await store.change(tenantId, mirrorActor, (tx) => settleFailed(tx, instanceId, error, scaled))
  }
}

/** Once a day, since no list of invoices holds them. They help to know a payer and are not worth failing for: many API roles
 *  do not allow GetClients. */
async function readEmails(
  { store, report }: MirrorDeps,
  tenantId: TenantId,
  instanceId: Id<'whm'>,
  system: ClientDirectory,
): Promise<void> {
  try {
    for await (const clients of system.listClients()) {
      await store.change(tenantId, mirrorActor, (tx) => setEmails(tx, instanceId, clients))
    }
  } catch (error) {
    if (!(error instanceof BillingError)) throw error
    report(instanceId, error)
  }
}
