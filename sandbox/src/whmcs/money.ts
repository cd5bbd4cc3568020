/** WHMCS keeps every amount as a decimal of two places, whatever the currency; so inside the simulator an amount is a bigint of
 *  hundredths. Only the truth journal speaks ISO 4217 minor units, so that it can be compared with what others booked. */

/** Decimals of the currencies that have not two. Source: ISO 4217, list one (those a WHMCS install may plausibly hold). */
const DECIMALS: Record<string, number> = {
  BHD: 3,
  CLP: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  TND: 3,
  UGX: 0,
  VND: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
}

/** `"15.95"` from 1595n. */
export function money(hundredths: bigint): string {
  const digits = (hundredths < 0n ? -hundredths : hundredths).toString().padStart(3, '0')
  return `${hundredths < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Reads a plain decimal exactly; null when the text is anything else or has more than two places that count. */
export function readExact(text: string): bigint | null {
  const parts = /^(-?)(\d+)(?:\.(\d{1,2})0*)?$/.exec(text)
  if (!parts) return null
  const value = BigInt(parts[2]! + (parts[3] ?? '').padEnd(2, '0'))
  return parts[1] === '-' ? -value : value
}

/** Reads as PHP casts text to a number: the numeric beginning counts, the rest is dropped, nothing readable is zero; a third
 *  decimal rounds half up. So `"1,250.00"` is one and `"12,50"` is twelve, which is why a strict reader must warn. */
export function readLikePhp(text: string): bigint {
  const parts = /^\s*([+-]?)(\d*)(?:\.(\d*))?/.exec(text)
  if (!parts) return 0n
  const fraction = (parts[3] ?? '').padEnd(3, '0')
  const thousandths = BigInt(`${parts[2] === '' ? '0' : parts[2]}${fraction.slice(0, 3)}`)
  const value = (thousandths + 5n) / 10n
  return parts[1] === '-' ? -value : value
}

/** Hundredths in the smallest unit of the currency, as text; null when it has no such unit (half a yen). */
export function isoMinor(hundredths: bigint, currency: string): string | null {
  const decimals = DECIMALS[currency] ?? 2
  if (decimals >= 2) return (hundredths * 10n ** BigInt(decimals - 2)).toString()
  const divisor = 10n ** BigInt(2 - decimals)
  return hundredths % divisor === 0n ? (hundredths / divisor).toString() : null
}

/** A tax rate such as `"20.000"` in hundred-thousandths of a percent. Text that is no rate counts as zero. */
export function rateUnits(rate: string): bigint {
  const parts = /^(\d+)(?:\.(\d{1,5}))?$/.exec(rate)
  return parts ? BigInt(parts[1]! + (parts[2] ?? '').padEnd(5, '0')) : 0n
}

/** The whole of 100 percent in `rateUnits`. */
export const RATE_WHOLE = 10_000_000n

/** Division rounded half away from zero. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n
  const quotient = ((negative ? -numerator : numerator) * 2n + denominator) / (denominator * 2n)
  return negative ? -quotient : quotient
}
