import { ID_LETTERS, type Json, type Shapes } from './openapi-schemas.ts'
import { csrfParameter, needsSession } from './openapi-sign-in.ts'
import type { Route } from './route.ts'

/** Parameters that mean the same wherever they stand. None carries an `example`: Swagger UI would send it along, untyped. */
const SHARED: Record<string, Json> = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      '1 to 255 characters of your choice. The same call with the same key within 72 hours has one effect, and gets the first answer again.',
    required: false,
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  Page: {
    name: 'page',
    in: 'query',
    description: 'The page, from 1. For more than a few pages walk by cursor.',
    schema: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1 },
  },
  PerPage: {
    name: 'per_page',
    in: 'query',
    description: 'How many rows a page holds.',
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 10 },
  },
  Cursor: {
    name: 'cursor',
    in: 'query',
    description:
      '`next_cursor` of the answer before: walks any depth at constant cost, with the same sort and filters.',
    schema: { type: 'string', maxLength: 400 },
  },
  UpdatedSince: {
    name: 'updated_since',
    in: 'query',
    description: 'Only rows that changed at this day or time or later.',
    schema: { type: 'string', examples: ['2025-04-10', '2025-04-10T14:30:00Z'] },
  },
}

const SHARED_QUERY: Record<string, string> = {
  page: 'Page',
  per_page: 'PerPage',
  cursor: 'Cursor',
  updated_since: 'UpdatedSince',
}

export const parameterComponents = (used: (name: string) => boolean): Record<string, Json> =>
  Object.fromEntries(Object.entries(SHARED).filter(([name]) => used(name)))

const refer = (name: string): Json => ({ $ref: `#/components/parameters/${name}` })

/** What stands in the path, in the query and in headers. */
export function parametersOf(route: Route, shapes: Shapes): Json[] {
  const repeatable = !route.outside && (route.method === 'POST' || route.method === 'PATCH')
  return [
    ...pathParameters(route, shapes),
    ...queryParameters(route, shapes),
    ...(repeatable ? [refer('IdempotencyKey')] : []),
    ...(needsSession(route) && route.method !== 'GET' ? [csrfParameter] : []),
  ]
}

/** Which ids stand behind which word of a path. */
const PREFIXES: Record<string, string> = {
  tenants: 'ten',
  users: 'usr',
  'api-keys': 'key',
  'bank-connections': 'bank',
  'bank-accounts': 'acc',
  syncs: 'sync',
  imports: 'imp',
  transactions: 'txn',
  'stripe-connections': 'strc',
  payouts: 'pout',
  'whmcs-instances': 'whm',
  whmcs: 'whm',
  stripe: 'strc',
  gocardless: 'bank',
  clients: 'cli',
  invoices: 'inv',
  'invoice-matches': 'match',
  payments: 'pay',
  webhooks: 'hook',
  deliveries: 'dlv',
  events: 'evt',
  'audit-events': 'aud',
  'oauth-applications': 'app',
  alerts: 'alr',
}

function pathParameters(route: Route, shapes: Shapes): Json[] {
  const declared = route.params ? (shapes.refer(route.params, 'input').properties as Record<string, Json>) : {}
  return [...route.path.matchAll(/([\w-]+)\/\{(\w+)\}/g)].map(([, word, name]) => {
    const own = declared[name!] ?? { type: 'string' }
    const prefix = PREFIXES[word!]
    const plain = own.type === 'string' && own.enum === undefined && own.pattern === undefined
    return {
      name,
      in: 'path',
      required: true,
      ...(prefix !== undefined && plain
        ? {
            schema: { type: 'string', pattern: `^${prefix}_${ID_LETTERS}$` },
            example: `${prefix}_01jrfzq4v8m2k9d7t5x3w1c0ab`,
          }
        : { schema: own }),
    }
  })
}

function queryParameters(route: Route, shapes: Shapes): Json[] {
  if (!route.query) return []
  const shape = shapes.refer(route.query, 'input') as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(shape.properties ?? {}).map(([name, schema]) => {
    const shared = SHARED_QUERY[name]
    if (shared !== undefined) return refer(shared)
    const { description, ...own } = schema
    const meaning = meaningOf(name) ?? description
    return {
      name,
      in: 'query',
      required: shape.required?.includes(name) ?? false,
      ...(meaning === undefined ? {} : { description: meaning }),
      schema: own,
    }
  })
}

/** What contract 3.3 says of a name. */
function meaningOf(name: string): string | undefined {
  if (name === 'sort') return 'The field to sort by; with `-` the greatest first. Newest first unless given.'
  if (name === 'q') return 'Every word must begin a word of the row. Case and accents do not matter.'
  if (name === 'expand') return 'Parts that are left out unless asked for.'
  const range = /^(\w+)_(from|to|min|max)$/.exec(name)
  if (!range) return undefined
  const [, field, end] = range
  return end === 'from' || end === 'min' ? `\`${field}\` is this or more.` : `\`${field}\` is this or less.`
}
