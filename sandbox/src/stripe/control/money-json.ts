/** Names whose numbers are money, rates or shares: bigint inside, whole JSON numbers outside. */
const MONEY = /^(amount|rate|bps)$|(Minor|Bps)$/
const MONEY_PARENTS = /(Minor|^rates)$/

/** Reads a control body: whole numbers under the names of money become bigint. */
export function moneyFromJson(value: unknown, name = '', parent = ''): unknown {
  if (typeof value === 'number' && (MONEY.test(name) || MONEY_PARENTS.test(parent))) {
    if (!Number.isSafeInteger(value)) throw new SyntaxError(`${name} must be a whole number of the smallest unit`)
    return BigInt(value)
  }
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((one) => moneyFromJson(one, name, parent))
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, moneyFromJson(one, key, name)]))
}

export function moneyToJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(moneyToJson)
  if (value instanceof Map) return moneyToJson(Object.fromEntries(value))
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, moneyToJson(one)]))
}
