/** Amounts are text, such as `1250.00`; sums are done on integers of the last decimal. The decimals are those that the text shows:
 *  two texts of one currency have the same number of them. */
export interface Minor {
  minor: bigint
  decimals: number
}

const SHAPE = /^(-?)(\d+)(?:\.(\d+))?$/

/** Reads an amount of the API. Throws on what is none: the API sends nothing else. */
export function toMinor(amount: string): Minor {
  const found = SHAPE.exec(amount)
  if (!found) throw new Error(`not an amount: ${amount}`)
  const [, sign = '', whole = '', rest = ''] = found
  const minor = BigInt(whole + rest)
  return { minor: sign === '-' ? -minor : minor, decimals: rest.length }
}

export function toAmount(minor: bigint, decimals: number): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0')
  const sign = minor < 0n ? '-' : ''
  if (decimals === 0) return `${sign}${digits}`
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** What stays of `amount` when the parts are taken away; below zero where they are more. */
export function restOf(amount: string, parts: readonly string[]): string {
  const whole = toMinor(amount)
  const rest = parts.reduce((left, part) => left - align(part, whole.decimals), whole.minor)
  return toAmount(rest, whole.decimals)
}

export function sumOf(amounts: readonly string[]): string {
  const decimals = Math.max(0, ...amounts.map((amount) => toMinor(amount).decimals))
  return toAmount(
    amounts.reduce((sum, amount) => sum + align(amount, decimals), 0n),
    decimals,
  )
}

/** Below zero, zero or above it, as `left` is less, the same or more. */
export function compareAmounts(left: string, right: string): number {
  const decimals = Math.max(toMinor(left).decimals, toMinor(right).decimals)
  const difference = align(left, decimals) - align(right, decimals)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export const lesserOf = (left: string, right: string): string => (compareAmounts(left, right) <= 0 ? left : right)

/** What a person typed, in either way of writing (`1.250,00`, `1,250.00`, `1250`), as an amount of that many decimals. Undefined
 *  for what is no amount above zero, or has more decimals than the currency. */
export function readTyped(typed: string, decimals: number): string | undefined {
  if (!/\d/.test(typed) || /[^\d.,\s'’\p{Sc}]/u.test(typed)) return undefined
  const bare = typed.replaceAll(/[^\d.,]/g, '')
  const last = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf(','))
  const tail = last < 0 ? '' : bare.slice(last + 1)
  const separators = bare.replaceAll(/\d/g, '')
  // One separator before three digits parts thousands, unless the currency has three decimals.
  const grouped = last >= 0 && tail.length === 3 && (decimals !== 3 || separators.length > 1) && !mixed(separators)
  const whole = (grouped || last < 0 ? bare : bare.slice(0, last)).replaceAll(/[.,]/g, '')
  const part = grouped ? '' : tail
  if (part.length > decimals || !/^\d+$/.test(whole === '' ? '0' : whole)) return undefined
  const minor = BigInt((whole === '' ? '0' : whole) + part.padEnd(decimals, '0'))
  return minor > 0n ? toAmount(minor, decimals) : undefined
}

const mixed = (separators: string): boolean => separators.includes('.') && separators.includes(',')

function align(amount: string, decimals: number): bigint {
  const read = toMinor(amount)
  return read.decimals <= decimals
    ? read.minor * 10n ** BigInt(decimals - read.decimals)
    : read.minor / 10n ** BigInt(read.decimals - decimals)
}
