/** How Stripe writes amounts of each currency. Not ISO 4217: ISK and UGX are sent with two decimals that must be zero. Source:
 *  Stripe, supported currencies, special cases. */

const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '))
/** Two decimals in the API, whole units in the world. */
const WHOLE_ONLY = new Set(['isk', 'ugx'])
/** Two decimals in charges, whole units in payouts. */
const WHOLE_IN_PAYOUTS = new Set(['huf', 'twd', 'isk', 'ugx'])

export const decimalsOf = (currency: string): number =>
  ZERO_DECIMAL.has(currency) ? 0 : THREE_DECIMAL.has(currency) ? 3 : 2

/** What a payout must be a multiple of. */
export const payoutStep = (currency: string): bigint => (WHOLE_IN_PAYOUTS.has(currency) ? 100n : 1n)

/** Why a charge of this amount is refused; null when it is fine. */
export function amountFault(amount: bigint, currency: string): string | null {
  if (!/^[a-z]{3}$/.test(currency)) return `Invalid currency: ${currency}. Currencies are three lower-case letters.`
  if (amount <= 0n) return 'Invalid positive integer'
  if (THREE_DECIMAL.has(currency) && amount % 10n !== 0n)
    return `Invalid amount. ${currency} amounts must be rounded to the nearest ten: the last digit is 0.`
  if (WHOLE_ONLY.has(currency) && amount % 100n !== 0n)
    return `Invalid amount. ${currency} amounts must be divisible by 100.`
  return null
}

/** Quotient rounded half away from zero. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n
  const quotient = ((negative ? -numerator : numerator) * 2n + denominator) / (denominator * 2n)
  return negative ? -quotient : quotient
}

/** An exchange rate in millionths of the target's smallest unit per smallest unit of the source, as Stripe's `exchange_rate`
 *  multiplies minor units by minor units. */
export type RateMillionths = bigint

export const convert = (amount: bigint, rate: RateMillionths): bigint => divideRounded(amount * rate, 1_000_000n)
