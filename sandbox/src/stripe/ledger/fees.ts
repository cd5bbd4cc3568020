import type { Book } from './book.ts'
import { convert, divideRounded, type RateMillionths } from './currencies.ts'
import { Impossible } from './book.ts'
import type { FeeDetail } from './objects.ts'

/** A presentment amount as the account gets it. */
export interface Settled {
  amount: bigint
  currency: string
  rate: RateMillionths | null
}

/** Converts unless the account has a bank account in the currency. Throws `Impossible` without a rate. */
export function settle(book: Book, amount: bigint, currency: string, rate?: RateMillionths): Settled {
  const { settlementCurrencies, defaultCurrency, rates } = book.terms
  if (settlementCurrencies.includes(currency)) return { amount, currency, rate: null }
  const used = rate ?? rates[`${currency}>${defaultCurrency}`]
  if (used === undefined) throw new Impossible(`no rate from ${currency} to ${defaultCurrency}`)
  return { amount: convert(amount, used), currency: defaultCurrency, rate: used }
}

/** As the API shows it: a JSON number with at most six decimals. */
export const shownRate = (rate: RateMillionths | null): number | null => (rate === null ? null : Number(rate) / 1e6)

/** Stripe's fee for a payment; `feeMinor` overrules the terms. */
export function paymentFees(book: Book, settled: Settled, feeMinor?: bigint): FeeDetail[] {
  const { fees } = book.terms
  const bps = fees.bps + (settled.rate === null ? 0n : fees.conversionBps)
  const fee = feeMinor ?? divideRounded(settled.amount * bps, 10_000n) + (fees.fixedMinor[settled.currency] ?? 0n)
  const details = [feeDetail(fee, settled.currency, 'Stripe processing fees', 'stripe_fee')]
  if (fees.taxBps > 0n)
    details.push(feeDetail(divideRounded(fee * fees.taxBps, 10_000n), settled.currency, 'VAT', 'tax'))
  return details.filter((detail) => detail.amount !== 0n)
}

export function disputeFees(book: Book, currency: string, feeMinor?: bigint): FeeDetail[] {
  const fee = feeMinor ?? book.terms.fees.disputeMinor[currency] ?? 2000n
  return fee === 0n ? [] : [feeDetail(fee, currency, 'Dispute fee', 'stripe_fee')]
}

/** The same fees given back. */
export const returned = (fees: readonly FeeDetail[]): FeeDetail[] =>
  fees.map((detail) => ({ ...detail, amount: -detail.amount }))

export const feeDetail = (
  amount: bigint,
  currency: string,
  description: string,
  type: FeeDetail['type'],
): FeeDetail => ({ amount, application: null, currency, description, type })
