import type { WhmcsSeed } from '../../../sandbox/src/whmcs/index.ts'
import type { Clock } from '../../src/base/clock.ts'
import { type Id, newId, uuidOf } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { closeReturnedThere } from '../../src/reconciliation/returned-there.ts'
import { feesOfCharges, listToldReturns, withholdReturned } from '../../src/stripe/charges/index.ts'
import type { ConnectionRef, StripeDeps } from '../../src/stripe/deps.ts'
import { keep, lockAccountOf, settleLate, walkLedger } from '../../src/stripe/ledger/index.ts'
import type { StripeCharge } from '../../src/stripe/stripe-feed.ts'
import { systemActor } from '../../src/events/audit.ts'
import { noteRecordedTwice } from '../../src/billing/index.ts'
import type { TestAnswer, TestApp } from './app.ts'
import { createReconciliationBench, type ReconciliationBench, TODAY } from './factories-reconciliation.ts'
import { createFakeFeed, type FakeFeed } from './fake-stripe-feed.ts'

/** A tenant with a bank account, a proven WHMCS and a Stripe account that is read by the real slice; nothing happens unless a test
 *  says so. */
export interface CardsBench extends ReconciliationBench {
  stripe: FakeFeed
  ref: ConnectionRef
  /** Reads Stripe, its charges one by one too, as events would have it. */
  sync(): Promise<void>
  /** A charge that has come, with its line of money. */
  card(change?: Parameters<FakeFeed['charge']>[0]): Promise<{ charge: StripeCharge; line: Id<'txn'> }>
  lineOf(chargeId: string): Promise<Id<'txn'>>
  /** One run of the whole matching job, the looks at payments before it included. */
  job(): Promise<void>
  /** Open alerts: code and message. */
  alerts(): Promise<[code: string, message: string][]>
  transaction(line: Id<'txn'>): Promise<TestAnswer['body']>
}

let count = 0

export async function createCardsBench(
  app: TestApp,
  clock: Clock,
  options: { seed?: WhmcsSeed; settings?: object } = {},
): Promise<CardsBench> {
  const bench = await createReconciliationBench(app, clock, {
    ...options,
    feesOf: feesOfCharges,
    withhold: withholdReturned,
  })
  const { tenant } = bench
  const stripe = createFakeFeed({ start: `${TODAY}T08:00:00Z` })
  const ref: ConnectionRef = { tenantId: tenant.id, id: newId('strc') }
  const accountId = `acct_cards${(count += 1)}`
  await app.store.read(tenant.id, (tx) =>
    tx.run(
      `insert into stripe_connections (tenant_id, id, kind, account_id, account, account_name, livemode, status, connected_at, next_sync_at)
       values ($1, $2, 'connect_oauth', $3, $4, 'Northbyte', true, 'active', '2025-01-01', now())`,
      [tx.tenantUuid, uuidOf(ref.id), accountId, `${accountId}|live`],
    ),
  )
  // Of the rest of the slice nothing is used by reading.
  const deps = { store: app.store, vault: app.vault, clock, log: silentLog, backfillDays: 10_000 } as StripeDeps
  const actor = systemActor('stripe sync')
  const lineOf = async (chargeId: string): Promise<Id<'txn'>> => {
    const rows: { id: Id<'txn'>; transaction_id: string }[] = (
      await bench.get(`/transactions?transaction_id=${chargeId}&per_page=100`)
    ).data
    const found = rows.find((row) => row.transaction_id === chargeId)
    if (!found) throw new Error(`no line of ${chargeId}`)
    return found.id
  }
  const cards: CardsBench = {
    ...bench,
    stripe,
    ref,
    lineOf,
    sync: async () => {
      await walkLedger(deps, ref, stripe.feed)
      await app.store.change(tenant.id, actor, async (tx) => {
        const account = (await lockAccountOf(tx, ref.id))!
        const row = await tx.one<{ at: Date }>('select clock_timestamp() as at')
        await keep(tx, deps, account, {
          charges: structuredClone([...stripe.charges.values()]),
          returns: structuredClone([...stripe.returns.values()]),
          readAt: row.at,
        })
      })
      await settleLate(deps, ref)
    },
    card: async (change) => {
      const charge = stripe.charge(change)
      await cards.sync()
      return { charge, line: await lineOf(charge.id) }
    },
    job: async () => {
      await app.store.change(tenant.id, systemActor('matching'), async (tx) => {
        await noteRecordedTwice(tx)
        await closeReturnedThere(tx, listToldReturns)
      })
      await bench.run()
    },
    alerts: async () =>
      (await bench.get('/alerts?per_page=100')).data
        .filter((alert: { closed_at: string | null }) => alert.closed_at === null)
        .map((alert: { code: string; message: string }) => [alert.code, alert.message]),
    transaction: (line) => bench.get(`/transactions/${line}`),
  }
  return cards
}
