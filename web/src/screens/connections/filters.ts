const ADD = ['bank', 'file', 'whmcs', 'stripe'] as const
const CAME = ['active', 'failed', 'pending'] as const

export type Adding = (typeof ADD)[number]

/** What of the list is open, and what banks and Stripe sent the browser back with. */
export interface ListFilters {
  add?: Adding
  bank_connection_id?: string
  connection_id?: string
  status?: (typeof CAME)[number]
  error?: string
  code?: string
  state?: string
}

/** How the person came back to one connection. */
export interface OneFilters {
  came?: (typeof CAME)[number]
  error?: string
}

export const readList = (search: Record<string, unknown>): ListFilters =>
  given({
    add: readOneOf(search.add, ADD),
    bank_connection_id: id(search.bank_connection_id, 'bank'),
    connection_id: id(search.connection_id, 'strc'),
    status: readOneOf(search.status, CAME),
    error: readText(search.error),
    code: readText(search.code, 500),
    state: readText(search.state, 500),
  })

export const readOne = (search: Record<string, unknown>): OneFilters =>
  given({ came: readOneOf(search.came, CAME), error: readText(search.error) })

const id = (value: unknown, prefix: string): string | undefined => {
  const text = readText(value)
  return text !== undefined && new RegExp(`^${prefix}_[0-9a-z]{26}$`).test(text) ? text : undefined
}

const given = <T extends object>(all: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as T

const readOneOf = <T extends string>(value: unknown, choices: readonly T[]): T | undefined =>
  choices.find((choice) => choice === value)

/** The router reads digits as a number. */
const readText = (value: unknown, lengthMax = 200): string | undefined => {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text !== '' && text.length <= lengthMax ? text : undefined
}
