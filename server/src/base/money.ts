import { AppError } from './errors.ts'

/** Decimals of each currency that has not two. Source: ISO 4217, list one. */
const DECIMALS: Record<string, number> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
}
const KNOWN = new Set(Intl.supportedValuesOf('currency'))

/** Digits before the decimal point that an amount may have, in every currency (contract 3.2). */
const INTEGER_DIGITS_MAX = 13

/** An amount in the smallest unit of its currency. Sums of different currencies do not exist. */
export interface Money {
  amountMinor: bigint
  currency: string
}

export const isCurrency = (code: string): boolean => KNOWN.has(code)

/** How many decimals the currency is written with: 2 unless ISO 4217 says otherwise. */
export const decimalsOf = (currency: string): number => DECIMALS[currency] ?? 2

export type AmountFault = 'not_a_number' | 'too_many_decimals' | 'too_large'

/** Reads a plain decimal (`-1250.00`, `5`, `1.5`) into minor units, exactly; extra zeros behind the point are allowed.
 *  Returns the fault instead when the text is no plain decimal, has more decimals than the currency, or exceeds thirteen
 *  digits before the point. */
export function readAmount(text: string, currency: string): bigint | AmountFault {
  const decimals = decimalsOf(currency)
  return readShort(text, decimals) ?? readLong(text, decimals)
}

/** Shorter amounts are counted in integers that doubles keep exactly, whatever the currency. */
const SHORT_MAX = 11
const ZERO = 0x30
const POINT = 0x2e

/** An amount of a few digits without sign, in a fraction of the time that taking it apart takes; null for any other text. */
function readShort(text: string, decimals: number): bigint | null {
  if (text.length > SHORT_MAX) return null
  let minor = 0
  let before = 0
  let behind = 0
  let hasPoint = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code >= ZERO && code <= ZERO + 9) {
      minor = minor * 10 + code - ZERO
      if (hasPoint) behind += 1
      else before += 1
    } else if (code === POINT && !hasPoint) hasPoint = true
    else return null
  }
  if (before === 0 || hasPoint !== behind > 0 || behind > decimals) return null
  return BigInt(minor * 10 ** (decimals - behind))
}

function readLong(text: string, decimals: number): bigint | AmountFault {
  const parts = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!parts) return 'not_a_number'
  const fraction = (parts[3] ?? '').replace(/0+$/, '')
  if (fraction.length > decimals) return 'too_many_decimals'
  const whole = parts[2]!.replace(/^0+(?=\d)/, '')
  if (whole.length > INTEGER_DIGITS_MAX) return 'too_large'
  const minor = BigInt(whole + fraction.padEnd(decimals, '0'))
  return parts[1] === '-' ? -minor : minor
}

/** As `readAmount`, for places where a fault ends the work. Throws `validation_failed`. */
export function parseAmount(text: string, currency: string): bigint {
  const amount = readAmount(text, currency)
  if (typeof amount === 'string') {
    throw new AppError(
      'validation_failed',
      `"${text.slice(0, 40)}" is not an amount in ${currency} (${amount.replaceAll('_', ' ')})`,
    )
  }
  return amount
}

/** Writes minor units with exactly the decimals of the currency: `1250.00`, `-3.5` never. */
export function formatAmount(amountMinor: bigint, currency: string): string {
  const decimals = decimalsOf(currency)
  const sign = amountMinor < 0n ? '-' : ''
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(decimals + 1, '0')
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
