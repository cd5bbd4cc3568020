import { z } from 'zod'
import type { LedgerRow } from '../stripe-feed.ts'
import { currency, dayOf, integer, moment, readObject, text, textOrNull, toMinor, UnfitError, word } from './read.ts'
import { toCharge } from './to-charge.ts'
import { toPayout } from './to-payout.ts'
import { toDispute, toRefund } from './to-return.ts'

const shape = z.object({
  id: word,
  type: word,
  reporting_category: textOrNull().transform((category) => category ?? 'other'),
  amount: integer,
  fee: integer,
  net: integer,
  currency,
  exchange_rate: z
    .number()
    .positive()
    .nullish()
    .transform((rate) => (rate === null || rate === undefined ? null : decimal(rate))),
  source: z.unknown().optional(),
  status: word,
  available_on: moment.nullish(),
  created: moment,
  description: text(4_000),
  fee_details: z
    .array(z.object({ type: word, amount: integer, currency, description: text() }))
    .max(1_000)
    .nullish(),
})
const sourceShape = z.object({ id: word, object: word })

/** Types whose source is the charge itself, should it have come as an id only. */
const OF_CHARGES: ReadonlySet<string> = new Set(['charge', 'payment'])

/** A balance transaction as Stripe gives it, with its source where that came along. A source that cannot be read does not cost the
 *  row: it is told to `reject` in a sentence. Pure otherwise; throws UnfitError. Source: Stripe API, the balance transaction object. */
export function toLedgerRow(raw: unknown, reject: (sentence: string) => void): LedgerRow {
  const row = readObject(shape, raw, 'balance_transaction')
  const minor = (amount: bigint): bigint => toMinor(amount, row.currency, row.id)
  const { id: sourceId, source } = readSource(row.source, reject)
  const about = source.charge?.id ?? source.refund?.chargeId ?? source.dispute?.chargeId
  return {
    id: row.id,
    type: row.type,
    category: row.reporting_category,
    amountMinor: minor(row.amount),
    feeMinor: minor(row.fee),
    netMinor: minor(row.net),
    currency: row.currency,
    exchangeRate: row.exchange_rate,
    sourceId,
    chargeId: about ?? (OF_CHARGES.has(row.type) ? sourceId : null),
    status: row.status,
    availableOn: row.available_on ? dayOf(row.available_on) : null,
    occurredAt: row.created,
    description: row.description,
    feeDetails: (row.fee_details ?? []).map((fee) => ({
      type: fee.type,
      amountMinor: toMinor(fee.amount, fee.currency, row.id),
      currency: fee.currency,
      description: fee.description,
    })),
    source,
  }
}

function readSource(
  raw: unknown,
  reject: (sentence: string) => void,
): { id: string | null; source: LedgerRow['source'] } {
  if (raw === null || raw === undefined) return { id: null, source: {} }
  const read = sourceShape.safeParse(typeof raw === 'string' ? { id: raw, object: 'id' } : raw)
  if (!read.success) throw new UnfitError('a row whose source has no id')
  const { id, object } = read.data
  try {
    if (object === 'charge') return { id, source: { charge: toCharge(raw) } }
    if (object === 'refund') return { id, source: { refund: toRefund(raw) } }
    if (object === 'dispute') return { id, source: { dispute: toDispute(raw) } }
    if (object === 'payout') return { id, source: { payout: toPayout(raw) } }
  } catch (error) {
    if (!(error instanceof UnfitError)) throw error
    reject(error.message)
  }
  return { id, source: {} }
}

/** A rate as decimal text, with the digits Stripe sent: a double gives back up to fifteen of them unchanged. */
function decimal(rate: number): string {
  const shortest = String(rate)
  return shortest.includes('e') ? rate.toFixed(20).replace(/\.?0+$/, '') : shortest
}
