import { decimalsOf } from '../base/money.ts'

/** Decimals that Stripe counts a currency in, where it has not the two of most, nor those of ISO 4217. ISK and UGX have no decimals
 *  but are sent with two, always divisible by 100; MGA is counted whole. Source: Stripe, supported currencies, special cases. */
const STRIPE_DECIMALS: Record<string, number> = { ISK: 2, UGX: 2, MGA: 0 }

const stripeDecimalsOf = (currency: string): number => {
  const decimals = STRIPE_DECIMALS[currency]
  if (decimals !== undefined) return decimals
  const iso = decimalsOf(currency)
  return iso === 0 || iso === 3 ? iso : 2
}

/** An integer of Stripe's as minor units by ISO 4217. Undefined where it is finer than the currency goes (half an Icelandic
 *  króna): such an amount is not ours to round. */
export function minorOf(amount: bigint, currency: string): bigint | undefined {
  const shift = decimalsOf(currency) - stripeDecimalsOf(currency)
  if (shift >= 0) return amount * 10n ** BigInt(shift)
  const unit = 10n ** BigInt(-shift)
  return amount % unit === 0n ? amount / unit : undefined
}
