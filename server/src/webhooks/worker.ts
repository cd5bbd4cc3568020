import type { Clock, Scaled } from '../base/clock.ts'
import { type TenantId, uuidOf } from '../base/ids.ts'
import { inSpan, SpanKind } from '../base/span.ts'
import type { Vault } from '../database/vault.ts'
import { systemActor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import { runSlots, type SlotWorker } from '../jobs/slots.ts'
import type { Wakeups } from '../jobs/wake.ts'
import type { Outbound } from '../outbound/index.ts'
import { type ClaimedDelivery, claimDeliveries, findDueEndpoints } from './claim-deliveries.ts'
import { type Finished, recordOutcomes } from './record-outcomes.ts'
import { sendDelivery } from './send-delivery.ts'
import { DELIVERIES } from './subscribe.ts'

export interface DeliveryDeps {
  store: Store
  vault: Vault
  outbound: Outbound
  scaled: Scaled
  clock: Clock
  /** For tests that would not wait ten seconds. */
  callBudgetMs?: number
}

/** Calls wait for others far more than they work: many at once cost little, and some will hang. */
const SLOTS = 256
const POLL_MS = 1_000
const POLL_MS_MIN = 100
/** Beyond the ten seconds of the call, which no time scale divides, and the writing of its result. */
const LEASE_FIXED_MS = 15_000
const LEASE_SCALED_MS = 15_000
const ACTOR = systemActor('deliver-webhooks')

/** Delivers what is due, of all tenants, until stopped. A slot whose endpoint has more waiting goes on with it as long as
 *  half of all slots are free; beyond that every slot is given up after each delivery and tenants take turns. */
export function runDeliveries(deps: DeliveryDeps & { wakeups: Wakeups; report(error: unknown): void }): SlotWorker {
  let stopped = false
  const slots = runSlots({
    topic: DELIVERIES,
    slots: SLOTS,
    pollMs: Math.max(POLL_MS_MIN, deps.scaled(POLL_MS)),
    wakeups: deps.wakeups,
    claim: createClaim(deps, (running) => !stopped && running <= SLOTS / 2),
    report: (error) => deps.report(error),
  })
  return {
    stop: (graceMs) => {
      stopped = true
      return slots.stop(graceMs)
    },
  }
}

/** Takes up to `free` due deliveries, tenants in turn, and returns one function for each: it sends and writes the result. */
export type ClaimDue = (free: number) => Promise<(() => Promise<void>)[]>

/** goesOn: whether a slot that has just finished takes the next delivery of its endpoint in the transaction that writes the
 *  result, which saves three of five round trips. Told how many slots are at work. */
export function createClaim(deps: DeliveryDeps, goesOn: (running: number) => boolean = () => false): ClaimDue {
  let running = 0
  let lastServed: TenantId | undefined
  const record = createRecorder(deps, () => goesOn(running))

  const work = async (first: ClaimedDelivery): Promise<void> => {
    running += 1
    try {
      let next: ClaimedDelivery | undefined = first
      while (next) next = await record(await attempt(deps, next))
    } finally {
      running -= 1
    }
  }

  return async (free) => {
    const due = await deps.store.directory(findDueEndpoints)
    const claimed: ClaimedDelivery[] = []
    const tenants = afterLast(due, lastServed)
    for (const [place, { tenantId, webhookIds }] of tenants.entries()) {
      if (claimed.length >= free) break
      const limit = Math.ceil((free - claimed.length) / (tenants.length - place))
      claimed.push(
        ...(await deps.store.read(tenantId, (tx) =>
          claimDeliveries(tx, deps.vault, { webhookIds, limit, leaseMs: leaseMs(deps) }),
        )),
      )
      lastServed = tenantId
    }
    return claimed.map((delivery) => () => work(delivery))
  }
}

const leaseMs = ({ scaled }: DeliveryDeps): number => Math.ceil(LEASE_FIXED_MS + scaled(LEASE_SCALED_MS))

async function attempt(deps: DeliveryDeps, delivery: ClaimedDelivery): Promise<Finished> {
  if (delivery.exhausted) return { delivery, entry: null, verdict: { kind: 'dead' }, delayMs: null }
  const outcome = await inSpan(
    'deliver webhook',
    {
      kind: SpanKind.CONSUMER,
      parent: delivery.traceparent,
      attributes: { 'payymo.delivery_id': delivery.id, 'payymo.tenant_id': delivery.tenantId },
    },
    () => sendDelivery(deps, delivery),
  )
  const delayMs = outcome.verdict.kind === 'retry' ? Math.ceil(deps.scaled(outcome.verdict.delayMs)) : null
  return { delivery, ...outcome, delayMs }
}

/** The tenants in a circle, beginning behind the one that was served last. due: in the order of their ids. */
function afterLast<T extends { tenantId: TenantId }>(due: T[], last: TenantId | undefined): T[] {
  const start = last === undefined ? 0 : due.findIndex(({ tenantId }) => tenantId > last)
  return start <= 0 ? due : [...due.slice(start), ...due.slice(0, start)]
}

interface Waiting {
  finished: Finished
  written: PromiseWithResolvers<ClaimedDelivery | undefined>
}

/** Writes results, one transaction at a time for each tenant: those that come in meanwhile go together in the next. Resolves
 *  with the next delivery for the slot, if it goes on and there is one. */
function createRecorder(
  deps: DeliveryDeps,
  goesOn: () => boolean,
): (finished: Finished) => Promise<ClaimedDelivery | undefined> {
  const waiting = new Map<TenantId, Waiting[]>()

  const writeBatch = (tenantId: TenantId, finished: Finished[]): Promise<ClaimedDelivery[]> =>
    deps.store.change(tenantId, ACTOR, async (tx) => {
      // A power failure may lose the last results, and then these events are sent again, as after every crash. Waiting for
      // the disk instead would halve the rate of one endpoint.
      await tx.run('set local synchronous_commit = off')
      await recordOutcomes(tx, finished)
      if (!goesOn()) return []
      const webhookIds = [...new Set(finished.map(({ delivery }) => uuidOf(delivery.webhookId)))]
      return claimDeliveries(tx, deps.vault, { webhookIds, limit: finished.length, leaseMs: leaseMs(deps) })
    })

  const write = async (tenantId: TenantId): Promise<void> => {
    const queue = waiting.get(tenantId)!
    while (queue.length > 0) {
      const batch = queue.splice(0)
      try {
        const next = await writeBatch(
          tenantId,
          batch.map(({ finished }) => finished),
        )
        for (const [place, { written }] of batch.entries()) written.resolve(next[place])
      } catch (error) {
        for (const { written } of batch) written.reject(error)
      }
    }
    waiting.delete(tenantId)
  }

  return (finished) => {
    const { tenantId } = finished.delivery
    const written = Promise.withResolvers<ClaimedDelivery | undefined>()
    const queue = waiting.get(tenantId)
    if (queue) queue.push({ finished, written })
    else {
      waiting.set(tenantId, [{ finished, written }])
      void write(tenantId)
    }
    return written.promise
  }
}
