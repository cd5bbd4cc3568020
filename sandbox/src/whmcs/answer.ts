import type { Switches } from './switches.ts'

/** What an action answers, before it is written as JSON, XML or NVP text. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value }
export type Answer = Record<string, Value>

export interface Reply {
  status: number
  type: string
  body: string
}

/** A list as installs give it, wrapped twice: `invoices.invoice[]`; how none and one look is a switch (reference 1.7). */
export function list(switches: Switches, wrapper: string, inner: string, rows: Answer[]): Answer {
  if (rows.length > 0) return { [wrapper]: { [inner]: shaped(switches, rows) } }
  if (switches.emptyList === 'missing') return {}
  const empty: Record<Exclude<Switches['emptyList'], 'missing'>, Value> = {
    string: '',
    array: [],
    object: {},
    inner: { [inner]: [] },
  }
  return { [wrapper]: empty[switches.emptyList] }
}

function shaped(switches: Switches, rows: Answer[]): Value {
  if (switches.rows === 'numbered') return Object.fromEntries(rows.map((row, index) => [String(index), row]))
  if (switches.rows === 'bare' && rows.length === 1) return rows[0]!
  return rows
}

/** Every number as a string, as some installs answer. */
export function stringsOnly(value: Value): Value {
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.map(stringsOnly)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, stringsOnly(inner)]))
}

/** Writes an answer in the form asked for. Without `responsetype` that is NVP text, which surprises everybody once. */
export function write(status: number, action: string, answer: Answer, form: string, version: string): Reply {
  if (form === 'json') return { status, type: 'application/json', body: phpJson(answer) }
  if (form === 'xml') {
    const head = `<?xml version="1.0" encoding="utf-8"?>\n<whmcsapi version="${version}">\n`
    return { status, type: 'application/xml', body: `${head}${xml({ action, ...answer })}</whmcsapi>` }
  }
  return { status, type: 'text/plain; charset=utf-8', body: nvp(answer).join(';') }
}

/** JSON as PHP writes it: slashes, quotes, ampersands and everything outside ASCII escaped. */
export function phpJson(value: Value): string {
  return JSON.stringify(value).replace(/\\\\|\\"|[/<>&'\u007f-\uffff]/g, (sign) =>
    sign === '\\\\'
      ? sign
      : sign === '/'
        ? '\\/'
        : `\\u${sign.at(-1)!.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
}

const scalar = (value: string | number | boolean | null): string =>
  value === null || value === false ? '' : value === true ? '1' : String(value)

function nvp(value: Answer, path = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = path === '' ? key : `${path}[${key}]`
    return typeof inner === 'object' && inner !== null
      ? nvp(Object.fromEntries(Object.entries(inner)), name)
      : [`${name}=${scalar(inner)}`]
  })
}

function xml(value: Answer): string {
  return Object.entries(value)
    .flatMap(([key, inner]) =>
      Array.isArray(inner) ? inner.map((one) => [key, one] as const) : [[key, inner] as const],
    )
    .map(([key, inner]) => {
      const content =
        typeof inner === 'object' && inner !== null
          ? `\n${xml(Object.fromEntries(Object.entries(inner)))}`
          : scalar(inner).replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)
      return `<${key}>${content}</${key}>\n`
    })
    .join('')
}
