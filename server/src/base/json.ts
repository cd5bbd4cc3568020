import { AppError } from './errors.ts'
import { formatAmount } from './money.ts'

/** Fields that hold amounts: their numbers keep the digits as typed instead of becoming floats. */
const AMOUNT_FIELDS = new Set(['amount', 'total', 'balance', 'fee', 'net', 'max_auto_amount', 'fee_tolerance'])
const DEPTH_MAX = 32

interface RawJson {
  rawJSON(text: string): unknown
}

/** An amount for JSON: a number in major units with exactly the decimals of its currency, `1250.00`. */
export function jsonAmount(amountMinor: bigint, currency: string): unknown {
  return (JSON as unknown as RawJson).rawJSON(formatAmount(amountMinor, currency))
}

export const writeJson = (value: unknown): string => JSON.stringify(value)

/** Reads JSON from outside. Amount fields come as text, digit for digit; `__proto__` and `constructor` keys, NUL, lone
 *  surrogates and more than 32 levels are refused. Throws `invalid_request`. */
export function readJson(text: string): unknown {
  refuseDepth(text)
  const hazard = /\\u0000|\0/.test(text) || !text.isWellFormed() || /\\u[dD][89a-fA-F]/.test(text)
  try {
    const value: unknown = JSON.parse(text, function (key, value: unknown, context?: { source?: string }) {
      if (key === '__proto__' || key === 'constructor')
        throw new AppError('invalid_request', `The key "${key}" is not allowed.`)
      if (typeof value === 'number' && AMOUNT_FIELDS.has(key)) return context?.source ?? String(value)
      if (hazard && typeof value === 'string') refuseHazards(value)
      return value
    })
    return value
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid_request', `The body is not valid JSON: ${(error as Error).message.slice(0, 120)}`)
  }
}

function refuseHazards(value: string): void {
  if (value.includes('\0') || !value.isWellFormed()) {
    throw new AppError('invalid_request', 'Texts must not hold NUL characters or halves of surrogate pairs.')
  }
}

/** Parsers take a million levels, writers die at ten thousand: count before parsing. */
function refuseDepth(text: string): void {
  let depth = 0
  let inText = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inText) {
      if (code === 92) at++
      else if (code === 34) inText = false
    } else if (code === 34) inText = true
    else if (code === 123 || code === 91) {
      if (++depth > DEPTH_MAX)
        throw new AppError('invalid_request', `The body is nested deeper than ${DEPTH_MAX} levels.`)
    } else if (code === 125 || code === 93) depth--
  }
}
