import { uuidOf } from '../../base/ids.ts'
import { openAlert } from '../../events/alerts.ts'
import type { Change } from '../../events/store.ts'
import type { StripeDeps } from '../deps.ts'
import type { LedgerRow, StripeCharge, StripeReturn } from '../stripe-feed.ts'
import { checkMode, type LedgerAccount } from './account.ts'
import { type ChargeRow, getCharges, mergeCharge } from './charge-queries.ts'
import { chargeOf, compareRows, OF_CHARGES, upsertRows } from './ledger-queries.ts'
import { upsertReturns } from './return-queries.ts'
import { settle } from './settle.ts'

/** Rows skipped, since nobody could read them. Subject: the connection. */
export const UNREADABLE = 'stripe_rows_unreadable'

export interface Kept {
  /** Rows of the ledger that were not known. */
  rows: number
  /** Charges that were not known. */
  charges: number
  /** Charges that rows are about and that did not come with them: they are to be read one by one. */
  missing: string[]
}

/** What one answer of Stripe brought, from a reading that began at `readAt` (`readingBegins`). */
export interface Brought {
  rows?: readonly LedgerRow[]
  charges?: readonly StripeCharge[]
  returns?: readonly StripeReturn[]
  /** Sentences about objects that could not be read. */
  rejected?: readonly string[]
  readAt: Date
}

/** Keeps rows of the ledger, charges, refunds and disputes, each once, and brings the lines of money to what they say now, in the
 *  caller's change. Harmless to repeat, in any order, with the same object twice. The caller holds the connection
 *  (`lockAccountOf`). Throws StripeFeedError `unreadable` for objects of the other mode. */
export async function keep(
  tx: Change,
  deps: Pick<StripeDeps, 'vault'>,
  account: LedgerAccount,
  brought: Brought,
): Promise<Kept> {
  const rows = once(brought.rows ?? [])
  const charges = once([...(brought.charges ?? []), ...rows.flatMap((row) => row.source.charge ?? [])])
  const returns = once([
    ...(brought.returns ?? []),
    ...rows.flatMap((row) => [row.source.refund, row.source.dispute].filter((one) => one !== undefined)),
  ])
  for (const charge of charges) checkMode(account, charge.livemode)
  if (brought.rejected && brought.rejected.length > 0) await tellUnreadable(tx, account, brought.rejected)

  const { known, changed } = await compareRows(tx, account.id, rows)
  if (changed.length > 0) await tellChanged(tx, account, changed)
  await upsertRows(tx, account.id, rows)

  const before = await getCharges(
    tx,
    account.id,
    charges.map((charge) => charge.id),
  )
  const merged = charges.flatMap((charge) => mergeCharge(before.get(charge.id), charge, brought.readAt) ?? [])
  await upsertReturns(tx, account.id, returns, brought.readAt)
  const named = rows.filter((row) => OF_CHARGES.has(row.category)).flatMap((row) => chargeOf(row) ?? [])
  const settled = await settle(tx, deps, account, {
    fresh: merged,
    chargeIds: [...merged.filter((row) => isNews(before.get(row.id), row)).map((row) => row.id), ...named],
    returnIds: [
      ...returns.map((row) => row.id),
      ...rows.filter((row) => OF_RETURNS.has(row.category)).flatMap((row) => row.sourceId ?? []),
    ],
  })
  const fresh = merged.filter((row) => !before.has(row.id)).length
  await countCharges(tx, account, fresh)
  return { rows: rows.length - known.size, charges: fresh, missing: named.filter((id) => !settled.has(id)) }
}

const OF_RETURNS: ReadonlySet<string> = new Set(['refund', 'refund_failure', 'dispute', 'dispute_reversal'])

/** Pages repeat; of an object that stands in one answer twice, one is as good as the other. */
const once = <T extends { id: string }>(objects: readonly T[]): T[] => [
  ...new Map(objects.map((object) => [object.id, object])).values(),
]

const isNews = (before: ChargeRow | undefined, after: ChargeRow): boolean =>
  before === undefined || before.transactionId === null || textOf(before) !== textOf(after)

const textOf = (row: ChargeRow): string =>
  JSON.stringify({ ...row, readAt: null }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))

async function tellUnreadable(tx: Change, account: LedgerAccount, rejected: readonly string[]): Promise<void> {
  await openAlert(tx, {
    code: UNREADABLE,
    severity: 'critical',
    subject: { type: 'stripe_connection', id: account.id },
    message: `${account.name}: ${rejected.length} of Stripe's objects could not be read and were left out (${rejected[0]!.slice(0, 160)}). Money of theirs is missing here: compare with the Stripe dashboard, and report this to whoever runs Payymo.`,
  })
}

async function tellChanged(tx: Change, account: LedgerAccount, ids: readonly string[]): Promise<void> {
  await openAlert(tx, {
    code: 'stripe_ledger_changed',
    severity: 'critical',
    subject: { type: 'stripe_connection', id: account.id },
    message: `${account.name}: Stripe now shows other amounts than before for ${ids.length} movements of its ledger, the first of them ${ids[0]}. What was stored stays. Compare with the Stripe dashboard.`,
  })
}

/** Stripe allows reads by the number of payments. */
async function countCharges(tx: Change, account: LedgerAccount, charges: number): Promise<void> {
  if (charges <= 0) return
  await tx.run(
    `insert into stripe_reads as r (tenant_id, connection_id, day, charges) values ($1, $2, (now() at time zone 'UTC')::date, $3)
     on conflict (tenant_id, connection_id, day) do update set charges = r.charges + excluded.charges`,
    [tx.tenantUuid, uuidOf(account.id), charges],
  )
}
