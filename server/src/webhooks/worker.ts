import type { Clock, Scaled } from '../base/clock.ts'
import type { TenantId } from '../base/ids.ts'
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

/** Delivers what is due, of all tenants, until stopped. */
export function runDeliveries(deps: DeliveryDeps & { wakeups: Wakeups; report(error: unknown): void }): SlotWorker {
  return runSlots({
    topic: DELIVERIES,
    slots: SLOTS,
    pollMs: Math.max(POLL_MS_MIN, deps.scaled(POLL_MS)),
    wakeups: deps.wakeups,
    claim: createClaim(deps),
    report: (error) => deps.report(error),
  })
}

/** Takes up to `free` due deliveries, tenants in turn, and returns one function for each: it sends and writes the result. */
export type ClaimDue = (free: number) => Promise<(() => Promise<void>)[]>

export function createClaim(deps: DeliveryDeps): ClaimDue {
  const record = createRecorder(deps)
  let lastServed: TenantId | undefined

  return async (free) => {
    const due = await deps.store.directory(findDueEndpoints)
    const claimed: ClaimedDelivery[] = []
    const tenants = afterLast(due, lastServed)
    for (const [place, { tenantId, webhookIds }] of tenants.entries()) {
      if (claimed.length >= free) break
      const limit = Math.ceil((free - claimed.length) / (tenants.length - place))
      const leaseMs = Math.ceil(LEASE_FIXED_MS + deps.scaled(LEASE_SCALED_MS))
      claimed.push(
        ...(await deps.store.read(tenantId, (tx) => claimDeliveries(tx, deps.vault, { webhookIds, limit, leaseMs }))),
      )
      lastServed = tenantId
    }
    return claimed.map((delivery) => async () => record(await attempt(deps, delivery)))
  }
}

async function attempt(deps: DeliveryDeps, delivery: ClaimedDelivery): Promise<Finished> {
  if (delivery.exhausted) return { delivery, entry: null, verdict: { kind: 'dead' }, delayMs: null }
  const outcome = await sendDelivery(deps, delivery)
  const delayMs = outcome.verdict.kind === 'retry' ? Math.ceil(deps.scaled(outcome.verdict.delayMs)) : null
  return { delivery, ...outcome, delayMs }
}

/** The tenants in a circle, beginning behind the one that was served last. due: in the order of their ids. */
function afterLast<T extends { tenantId: TenantId }>(due: T[], last: TenantId | undefined): T[] {
  const start = last === undefined ? 0 : due.findIndex(({ tenantId }) => tenantId > last)
  return start <= 0 ? due : [...due.slice(start), ...due.slice(0, start)]
}

/** Writes results, one transaction at a time for each tenant: those that come in meanwhile go together in the next. */
function createRecorder({ store }: DeliveryDeps): (finished: Finished) => Promise<void> {
  const waiting = new Map<TenantId, { finished: Finished; done: PromiseWithResolvers<void> }[]>()

  const write = async (tenantId: TenantId): Promise<void> => {
    for (;;) {
      const batch = waiting.get(tenantId)!.splice(0)
      if (batch.length === 0) break
      try {
        await store.change(tenantId, ACTOR, (tx) =>
          recordOutcomes(
            tx,
            batch.map(({ finished }) => finished),
          ),
        )
        for (const { done } of batch) done.resolve()
      } catch (error) {
        for (const { done } of batch) done.reject(error)
      }
    }
    waiting.delete(tenantId)
  }

  return (finished) => {
    const { tenantId } = finished.delivery
    const done = Promise.withResolvers<void>()
    const queue = waiting.get(tenantId)
    if (queue) queue.push({ finished, done })
    else {
      waiting.set(tenantId, [{ finished, done }])
      void write(tenantId)
    }
    return done.promise
  }
}
