import { restOf, sumOf, toMinor } from '../../design/money.ts'

/** What an item of a payout is to a bookkeeper. */
export const KINDS = ['payments', 'refunds', 'disputes', 'fees', 'holds', 'others'] as const
export type Kind = (typeof KINDS)[number]

interface Item {
  type: string
  category: string
  amount: string
  fee: string
  net: string
}

/** Source: Stripe, balance transaction types and reporting categories. */
export function kindOf({ type, category }: Pick<Item, 'type' | 'category'>): Kind {
  if (category.startsWith('dispute')) return 'disputes'
  if (category.startsWith('refund') || category === 'partial_capture_reversal' || type.includes('refund'))
    return 'refunds'
  if (category === 'charge' || category === 'charge_failure' || type === 'payment' || type === 'charge')
    return 'payments'
  if (category === 'fee' || category === 'network_cost' || type.endsWith('_fee') || type === 'tax_fee') return 'fees'
  if (category.startsWith('risk_reserved') || type.startsWith('reserve') || type.includes('hold')) return 'holds'
  return 'others'
}

export interface Group<T> {
  kind: Kind
  items: T[]
  amount: string
  fee: string
  net: string
}

/** Items by kind, in the order of KINDS, each with its sums to the cent; kinds without items are left out. */
export function groupItems<T extends Item>(items: readonly T[]): Group<T>[] {
  return KINDS.flatMap((kind) => {
    const ours = items.filter((item) => kindOf(item) === kind)
    return ours.length === 0 ? [] : [{ kind, items: ours, ...sumsOf(ours) }]
  })
}

export const sumsOf = (items: readonly Item[]) => ({
  amount: sumOf(items.map(({ amount }) => amount)),
  fee: sumOf(items.map(({ fee }) => fee)),
  net: sumOf(items.map(({ net }) => net)),
})

export const isZero = (amount: string): boolean => toMinor(amount).minor === 0n

export const negate = (amount: string): string => restOf(restOf(amount, [amount]), [amount])
