import { getTenant } from '../../access/index.ts'
import type { Id } from '../../base/ids.ts'
import { getInvoices, type InvoiceRow } from '../../billing/index.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { getTransactions, type TransactionRow } from '../../transactions/index.ts'
import type { MatchRow } from '../queries.ts'
import { type DayRange, dayIn, daysBetween, readRange } from './days.ts'
import { listDecidedOf, listPaidOn, listShadows, type Shadow } from './shadow-queries.ts'

/** What became of a line that Payymo would have applied: decided the same way by people, in Payymo or by booking it in the billing
 *  system; decided otherwise; or not decided yet. */
export type Outcome = 'same' | 'other' | 'open'

export interface ShadowRow {
  shadow: Shadow
  line: TransactionRow
  numbers: ReadonlyMap<Id<'inv'>, string>
  outcome: Outcome
  /** The decision in Payymo, where there is one. */
  decided: MatchRow | null
}

/** Rows of one report; the newest of more. */
const ROWS_MAX = 10_000
/** A payment of this amount on the invoice, so near in time, is the line: as matching recognises money booked by hand. */
const BOOKED_WITHIN_DAYS = 5

const CLOSED: ReadonlySet<string> = new Set(['paid', 'cancelled', 'refunded'])

/** What mode `auto` would have applied in these days, held against what people decided. */
export async function readShadow(
  tx: TenantTx,
  asked: { from?: string | undefined; to?: string | undefined },
  now: Date,
): Promise<{ rows: ShadowRow[]; range: DayRange }> {
  const timezone = (await getTenant(tx))?.settings.timezone ?? 'UTC'
  const range = readRange(asked, dayIn(timezone, now))
  const shadows = await listShadows(tx, range, timezone, ROWS_MAX)
  const ids = shadows.map(({ lineId }) => lineId)
  const lines = new Map((await getTransactions(tx, ids)).map((line) => [line.id, line]))
  const decided = await listDecidedOf(tx, ids)
  const invoiceIds = [...new Set(shadows.flatMap(({ allocations }) => allocations.map(({ invoiceId }) => invoiceId)))]
  const invoices = new Map((await getInvoices(tx, invoiceIds)).map((invoice) => [invoice.id, invoice]))
  const paid = await listPaidOn(tx, invoiceIds)
  const numbers = new Map([...invoices].map(([id, { number, externalId }]) => [id, number || externalId]))
  const rows = shadows.flatMap((shadow): ShadowRow[] => {
    const line = lines.get(shadow.lineId)
    if (!line) return []
    const match = decided.get(line.id) ?? null
    return [{ shadow, line, numbers, decided: match, outcome: outcomeOf(shadow, line, match, { invoices, paid }) }]
  })
  return { rows, range }
}

function outcomeOf(
  shadow: Shadow,
  line: TransactionRow,
  match: MatchRow | null,
  there: {
    invoices: ReadonlyMap<Id<'inv'>, InvoiceRow>
    paid: ReadonlyMap<Id<'inv'>, { amountMinor: bigint; paidOn: string }[]>
  },
): Outcome {
  if (match) return isSame(shadow, match) ? 'same' : 'other'
  if (line.status !== 'processed' || line.matchStatus === 'transfer') return 'other'
  const isBooked = ({ invoiceId, amountMinor }: Shadow['allocations'][0]): boolean =>
    (there.paid.get(invoiceId) ?? []).some(
      (payment) =>
        payment.amountMinor === amountMinor &&
        Math.abs(daysBetween(line.bookedOn, payment.paidOn)) <= BOOKED_WITHIN_DAYS,
    )
  if (shadow.allocations.every(isBooked)) return 'same'
  // Somebody closed an invoice by other means, so the line is not what it was taken for, or pays it twice.
  const isClosed = ({ invoiceId }: Shadow['allocations'][0]): boolean =>
    CLOSED.has(there.invoices.get(invoiceId)?.status ?? '')
  return shadow.allocations.some(isClosed) ? 'other' : 'open'
}

/** The same invoices, whatever of the line each takes. */
function isSame(shadow: Shadow, match: MatchRow): boolean {
  const invoices = new Set<string>(match.allocations.map(({ invoiceId }) => invoiceId))
  return (
    invoices.size === shadow.allocations.length && shadow.allocations.every(({ invoiceId }) => invoices.has(invoiceId))
  )
}
