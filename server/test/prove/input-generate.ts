import { newId, type IdPrefix } from '../../src/base/ids.ts'
import type { Dice } from './dice.ts'
import type { ApiDocument, DocumentedOperation } from './input-judge.ts'
import { FILES, NASTY_TEXTS, NASTY_VALUES, RAW } from './input-nasty.ts'

/** A request as it is sent: bytes of the body included, for not all of them are JSON. */
export interface GeneratedRequest {
  url: string
  body?: Buffer
  headers: Record<string, string>
  /** The path leads elsewhere than to the operation. */
  bent: boolean
}

/** Ids that exist, by kind: what answers name is used in later requests. */
export interface KnownIds {
  add(text: string): void
  pick(kind: string): string
  /** What the text names is not there any more. */
  forget(text: string): void
}

type Json = Record<string, unknown>
const ID = /\b([a-z]{3,5})_[0-7][0-9a-hjkmnp-tv-z]{25}\b/g
const KEPT_PER_KIND = 40

export function knownIds(chance: Dice): KnownIds {
  const ids = new Map<string, string[]>()
  return {
    add: (text) => {
      for (const [id, kind] of text.matchAll(ID)) {
        const known = ids.get(kind!) ?? []
        if (!known.includes(id) && known.length < KEPT_PER_KIND) ids.set(kind!, [...known, id])
      }
    },
    forget: (text) => {
      for (const [id, kind] of text.matchAll(ID))
        ids.set(
          kind!,
          (ids.get(kind!) ?? []).filter((known) => known !== id),
        )
    },
    pick: (kind) => {
      const known = ids.get(kind) ?? []
      return known.length === 0 || chance.roll() < 0.1 ? newId(kind as IdPrefix) : oneOf(chance, known)
    },
  }
}

export const oneOf = <T>(chance: Dice, values: readonly T[]): T => values[chance.between(0, values.length - 1)]!

/** A request of the operation: well-meant in three of ten cases, otherwise with one to three things wrong. */
export function generateRequest(
  document: ApiDocument,
  operation: DocumentedOperation,
  { chance, ids, receiver, whmcs }: { chance: Dice; ids: KnownIds; receiver: string; whmcs: string },
): GeneratedRequest {
  const maker = { document, chance, ids, receiver, whmcs }
  const clean = chance.roll() < 0.3
  const headers: Record<string, string> = {}
  if (chance.roll() < 0.2) headers['idempotency-key'] = `fuzz-${chance.between(1, 30)}`
  let url = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(pathId(maker, operation.path, name, clean)),
  )
  const bent = !clean && chance.roll() < 0.03
  if (bent) url += oneOf(chance, ['/', '//', '%2F', '/..', ';a=b', '%00', '%zz', '%e2%28%a1'])
  url += queryOf(maker, operation, clean)
  const body = bodyOf(maker, operation, clean)
  if (body) {
    headers['content-type'] = operation.upload ? 'application/octet-stream' : 'application/json'
    if (!clean && chance.roll() < 0.05) {
      const type = oneOf(chance, [
        '',
        'text/plain',
        'application/json; charset=latin1',
        'multipart/form-data',
        ';;;',
        'a',
      ])
      if (type === '') delete headers['content-type']
      else headers['content-type'] = type
    }
  }
  if (!clean && chance.roll() < 0.05)
    headers.accept = oneOf(chance, ['text/csv', 'image/png', '*/*;q=0', 'x'.repeat(300)])
  if (!clean && chance.roll() < 0.05) headers['x-request-id'] = oneOf(chance, ['req_x', 'x'.repeat(500), 'é'])
  return { url, headers, bent, ...(body ? { body } : {}) }
}

interface Maker {
  document: ApiDocument
  chance: Dice
  ids: KnownIds
  /** Whom webhooks may reach, and which WHMCS: nothing of a suite leaves this machine. */
  receiver: string
  whmcs: string
}

/** The kind of id a path wants, guessed from the folder before it. */
const KINDS: Record<string, string> = {
  transactions: 'txn',
  'invoice-matches': 'match',
  invoices: 'inv',
  clients: 'cli',
  payments: 'pay',
  payouts: 'pout',
  tenants: 'ten',
  users: 'usr',
  'api-keys': 'key',
  webhooks: 'hook',
  deliveries: 'dlv',
  events: 'evt',
  imports: 'imp',
  syncs: 'sync',
  alerts: 'alr',
  'audit-events': 'aud',
  'bank-accounts': 'acc',
  'bank-connections': 'bank',
  'stripe-connections': 'strc',
  'whmcs-instances': 'whm',
  'oauth-applications': 'app',
}

export const kindInPath = (path: string, name: string): string =>
  KINDS[
    path
      .slice(0, path.indexOf(`{${name}}`))
      .split('/')
      .at(-2)!
  ] ?? 'req'

function pathId({ chance, ids }: Maker, path: string, name: string, clean: boolean): string {
  const kind = kindInPath(path, name)
  if (clean || chance.roll() < 0.7) return ids.pick(kind)
  return oneOf(chance, [
    newId(kind as IdPrefix),
    ids.pick(oneOf(chance, Object.values(KINDS))),
    ids.pick(kind).toUpperCase(),
    ids.pick(kind).replace(/.$/, 'u'),
    `${kind}_8${'z'.repeat(25)}`,
    'x'.repeat(300),
    ...NASTY_TEXTS.filter((text) => text !== '' && text.isWellFormed() && text.length < 1_000),
  ])
}

function queryOf(maker: Maker, operation: DocumentedOperation, clean: boolean): string {
  const { chance } = maker
  const parts: string[] = []
  const put = (name: string, value: unknown) =>
    parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(value).toWellFormed())}`)
  for (const parameter of operation.parameters.filter((one) => one.in === 'query')) {
    if (!parameter.required && chance.roll() < (clean ? 0.75 : 0.7)) continue
    const wrong = !clean && chance.roll() < 0.3
    put(
      parameter.name,
      wrong ? oneOf(chance, NASTY_TEXTS).slice(0, 1_000) : make(maker, parameter.schema, 0, parameter.name),
    )
    if (!clean && chance.roll() < 0.03) put(parameter.name, 'again')
  }
  if (!clean && chance.roll() < 0.08) put(oneOf(chance, ['colour', '__proto__', 'constructor', 'page[]', 'é', '']), 1)
  if (!clean && chance.roll() < 0.02) parts.push(oneOf(chance, ['%zz=1', '&&&', '=', 'a=%ff%fe', 'page=%00']))
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

function bodyOf(maker: Maker, operation: DocumentedOperation, clean: boolean): Buffer | undefined {
  const { chance } = maker
  if (operation.upload) return Buffer.from(oneOf(chance, clean ? FILES.slice(0, 1) : FILES))
  if (operation.method === 'GET') return undefined
  if (operation.bodySchema === undefined) {
    if (clean || chance.roll() < 0.7) return undefined
    return Buffer.from(oneOf(chance, ['{}', '{"colour":1}', '[]', 'null', '{', 'plain']))
  }
  const from =
    operation.bodyExample !== undefined && chance.roll() < 0.6
      ? structuredClone(operation.bodyExample)
      : make(maker, operation.bodySchema, 0, '')
  const value = localAddresses(maker, withKnownIds(maker, from))
  if (clean) return Buffer.from(JSON.stringify(value))
  let wrong: unknown = value
  for (let faults = chance.between(1, 3); faults > 0; faults--) wrong = spoil(maker, wrong)
  let text = JSON.stringify(wrong) ?? 'null'
  if (chance.roll() < 0.15) text = text.replace(/"[^"]*"(?!:)|\b\d+\b/, () => oneOf(chance, RAW))
  if (chance.roll() < 0.05) text = text.replace('{', '{"__proto__":{"admin":true},')
  if (chance.roll() < 0.05) text = text.replace(/\{("[^"]+":)/, (all, key: string) => `{${key}null,${all.slice(1)}`)
  if (chance.roll() < 0.04) text = text.slice(0, chance.between(0, text.length))
  if (chance.roll() < 0.02) text = `\ufeff${text}`
  if (chance.roll() < 0.02) text = `${'['.repeat(chance.between(30, 4_000))}${text}`
  const bytes = Buffer.from(text)
  if (chance.roll() < 0.04 && bytes.length > 0) bytes[chance.between(0, bytes.length - 1)] = chance.between(0, 255)
  return bytes
}

/** One thing in it goes wrong, somewhere. */
function spoil(maker: Maker, value: unknown): unknown {
  const { chance } = maker
  const deep = typeof value === 'object' && value !== null && Object.keys(value).length > 0
  if (deep && chance.roll() < 0.75) {
    const copy = (Array.isArray(value) ? [...value] : { ...value }) as Json
    const key = oneOf(chance, Object.keys(copy))
    const roll = chance.roll()
    if (roll < 0.2) delete copy[key]
    else if (roll < 0.3)
      copy[oneOf(chance, ['colour', 'tenant_id', 'id', 'x'.repeat(300), '\0', '\ud800', 'é'])] = copy[key]
    else copy[key] = spoil(maker, copy[key])
    return Array.isArray(value) ? Object.values(copy) : copy
  }
  const roll = chance.roll()
  if (roll < 0.5) return oneOf(chance, NASTY_TEXTS)
  if (roll < 0.6) return maker.ids.pick(oneOf(chance, Object.values(KINDS)))
  if (roll < 0.65) return nested(chance.between(5, 60))
  return oneOf(chance, NASTY_VALUES)
}

function nested(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

const LEVELS_MAX = 8

/** A value of the schema, as far as its words say. */
function make(maker: Maker, schema: unknown, level: number, name: string): unknown {
  const { document, chance } = maker
  const rules = (schema ?? {}) as Json
  if (level > LEVELS_MAX) return null
  if (typeof rules.$ref === 'string') {
    const target = rules.$ref
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((at, step) => (at as Json)[step], document)
    return make(maker, target, level + 1, name)
  }
  if ('const' in rules) return rules.const
  if (Array.isArray(rules.enum)) return oneOf(chance, rules.enum)
  for (const word of ['anyOf', 'oneOf'])
    if (Array.isArray(rules[word])) return make(maker, oneOf(chance, rules[word] as unknown[]), level + 1, name)
  if (Array.isArray(rules.examples) && chance.roll() < 0.8) return oneOf(chance, rules.examples)
  switch ([rules.type].flat()[0]) {
    case 'object':
      return makeObject(maker, rules, level)
    case 'array': {
      const count = chance.between(Math.max(1, (rules.minItems as number | undefined) ?? 0), 3)
      return Array.from({ length: count }, () => make(maker, rules.items, level + 1, name))
    }
    case 'number':
    case 'integer': {
      const low = (rules.minimum as number | undefined) ?? 0
      const high = Math.min((rules.maximum as number | undefined) ?? 1_000, Number.MAX_SAFE_INTEGER)
      return oneOf(chance, [low, high, chance.between(Math.ceil(low), Math.floor(Math.min(high, low + 1_000)))])
    }
    case 'boolean':
      return chance.roll() < 0.5
    case 'null':
      return null
    default:
      return makeText(maker, rules, name)
  }
}

function makeObject(maker: Maker, rules: Json, level: number): Json {
  const required = (rules.required ?? []) as string[]
  const entries = Object.entries((rules.properties ?? {}) as Json).filter(
    ([key]) => required.includes(key) || maker.chance.roll() < 0.4,
  )
  return Object.fromEntries(entries.map(([key, part]) => [key, make(maker, part, level + 1, key)]))
}

function makeText({ chance, receiver, ids }: Maker, rules: Json, name: string): string {
  const kind = /^(\w+)_id$/.exec(name)?.[1]
  const prefix = kind && Object.entries(KINDS).find(([folder]) => folder.replace(/e?s$/, '').endsWith(kind))?.[1]
  if (prefix) return ids.pick(prefix)
  if (/url/.test(name)) return receiver
  if (/date|_on$|_at$|since|_from$|_to$/.test(name)) return oneOf(chance, ['2025-04-10', '2025-04-10T14:30:00Z'])
  if (/email/.test(name)) return `fuzz${chance.between(1, 50)}@northbyte.example`
  const max = (rules.maxLength as number | undefined) ?? 60
  const texts = [...PLAIN_TEXTS, 'x'.repeat(max)].map((text) =>
    text.padEnd((rules.minLength as number | undefined) ?? 0, 'x').slice(0, max),
  )
  const pattern = typeof rules.pattern === 'string' ? new RegExp(rules.pattern, 'u') : undefined
  const fitting = texts.filter((text) => pattern?.test(text) ?? true)
  return oneOf(chance, fitting.length > 0 ? fitting : texts)
}

const PLAIN_TEXTS = [
  'Marlow Hosting Co',
  'Zoë Ångström',
  'a',
  'EUR',
  'GB',
  '10',
  '12.50',
  'true',
  'northbyte',
  '#336699',
  '2025-04-10',
]

/** Documented examples name ids of nobody. */
const withKnownIds = ({ ids }: Maker, value: unknown): unknown =>
  JSON.parse((JSON.stringify(value) ?? 'null').replaceAll(ID, (_, kind: string) => ids.pick(kind)))

const localAddresses = ({ receiver, whmcs }: Maker, value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value).replaceAll(/("system_url":)?"https?:\/\/[^"]*"/g, (_, system: string | undefined) =>
      system === undefined ? JSON.stringify(receiver) : system + JSON.stringify(whmcs),
    ),
  )
