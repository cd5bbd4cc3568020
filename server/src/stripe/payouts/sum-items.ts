import { formatAmount } from '../../base/money.ts'
import type { LedgerRow } from '../stripe-feed.ts'
import type { PayoutRow } from './queries.ts'

/** What of a row of the ledger counts for a payout. */
export type Item = Pick<LedgerRow, 'id' | 'type' | 'sourceId' | 'amountMinor' | 'feeMinor' | 'netMinor' | 'currency'>

type Summed = Pick<PayoutRow, 'externalId' | 'balanceTransactionId' | 'amountMinor' | 'currency'>

/** The sums of contract 4.4: amount = itemsTotal − feesTotal + difference. `fault`: why they are not to be trusted although the
 *  difference may be zero, in words. */
export interface Sums {
  items: Item[]
  itemsTotalMinor: bigint
  feesTotalMinor: bigint
  differenceMinor: bigint
  fault: string | null
}

/** Adds up the list that Stripe gives for a payout. It holds the payout itself as a row, which is no item; everything else counts,
 *  whatever it is: refunds, disputes with their fees, taxes, conversions, what was held back and released, an earlier payout that
 *  came back. Pure. Source: Stripe, payout reconciliation (reference 3.3). */
export function sumItems(payout: Summed, rows: readonly Item[]): Sums {
  const own = rows.filter((row) => isOwn(payout, row))
  const items = rows.filter((row) => !isOwn(payout, row))
  return { items, ...addUp(payout, items, own) }
}

/** Whether the row is the payout itself, as the balance sees it. */
export const isOwn = (payout: Pick<Summed, 'externalId' | 'balanceTransactionId'>, row: Item): boolean =>
  row.id === payout.balanceTransactionId ||
  (row.type === 'payout' && (row.sourceId === payout.externalId || row.sourceId === null))

/** `own`: the rows that are the payout itself; what it cost to pay out counts among the fees. */
export function addUp(payout: Summed, items: readonly Item[], own: readonly Item[]): Omit<Sums, 'items'> {
  const { currency } = payout
  const same = items.filter((item) => item.currency === currency)
  const itemsTotalMinor = total(same, 'amountMinor')
  const feesTotalMinor = total([...same, ...own], 'feeMinor')
  const differenceMinor = payout.amountMinor - (itemsTotalMinor - feesTotalMinor)
  return { itemsTotalMinor, feesTotalMinor, differenceMinor, fault: faultOf() }

  function faultOf(): string | null {
    const foreign = items.find((item) => item.currency !== currency)
    if (foreign) return `Its list holds ${foreign.id}, which is in ${foreign.currency}.`
    const uneven = [...items, ...own].find((row) => row.netMinor !== row.amountMinor - row.feeMinor)
    if (uneven) return `The net amount of ${uneven.id} is not its amount without its fee.`
    if (own.length !== 1) return own.length === 0 ? 'Its list lacks the payout itself.' : 'Its list holds it twice.'
    if (own[0]!.amountMinor !== -payout.amountMinor)
      return `The balance was debited ${formatAmount(-own[0]!.amountMinor, currency)} ${currency} for it.`
    return null
  }
}

const total = (rows: readonly Item[], field: 'amountMinor' | 'feeMinor'): bigint =>
  rows.reduce((sum, row) => sum + row[field], 0n)
