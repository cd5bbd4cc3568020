import type { EventType } from '../events/catalogue.ts'
import { checkDeprecation } from './openapi-deprecation.ts'
import { ERROR_SCHEMA, sharedResponses } from './openapi-errors.ts'
import { eventDocuments } from './openapi-events.ts'
import { headerComponents } from './openapi-headers.ts'
import { operation, ownAnswers } from './openapi-operation.ts'
import { parameterComponents } from './openapi-parameters.ts'
import { createShapes, type Json } from './openapi-schemas.ts'
import { needsSession, SESSION_SCHEME } from './openapi-sign-in.ts'
import { PERMISSIONS, type Route } from './route.ts'

/** The OpenAPI 3.1 document, made from the routes alone: what is served is what is described. Amounts in examples are written
 *  with their decimals, so it leaves through `JSON.stringify` only. `events` says what each type of event tells.
 *  A broken promise of a route (a sunset too near) is a broken invariant, at start. */
export function openApiDocument(
  routes: Route[],
  version: string,
  events: Partial<Record<EventType, string>> = {},
): Json {
  routes.forEach(checkDeprecation)
  const documented = routes.filter(isDocumented)
  const shapes = createShapes()
  shapes.add('Error', ERROR_SCHEMA)
  // Answers are named first: where a request differs from them, it is the request that is called Input.
  for (const route of documented) ownAnswers(route, shapes)
  const paths: Record<string, Json> = {}
  for (const route of documented) {
    const path = addressOf(route)
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, shapes) }
  }
  const webhooks = eventDocuments(documented, shapes, events)
  const text = JSON.stringify([paths, webhooks])
  const used = (kind: string, content: string) => (name: string) => content.includes(`"#/components/${kind}/${name}"`)
  const responses = Object.fromEntries(
    Object.entries(sharedResponses()).filter(([name]) => used('responses', text)(name)),
  )
  return {
    openapi: '3.1.0',
    info: {
      title: 'Payymo API',
      version,
      summary: 'Finds the WHMCS invoices that bank and Stripe payments pay, and books them exactly once.',
      description: CONVENTIONS,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The server this document comes from' }],
    tags: tagsOf(documented),
    paths: sorted(paths),
    webhooks,
    components: {
      schemas: shapes.all(),
      responses,
      parameters: parameterComponents(used('parameters', text)),
      headers: headerComponents(used('headers', text + JSON.stringify(responses))),
      securitySchemes: documented.some(needsSession) ? { ...SECURITY, session: SESSION_SCHEME } : SECURITY,
    },
  }
}

/** Where a route is served, as the document writes it. */
export const addressOf = (route: Pick<Route, 'path' | 'outside'>): string =>
  (route.outside ? '' : '/api/v1') + route.path

/** Everything under /api/v1, and what other programs call outside it. Pages and the ways back of browsers are no interface. */
export const isDocumented = (route: Pick<Route, 'path' | 'outside' | 'page'>): boolean =>
  !route.outside ||
  (route.page !== true &&
    /^\/(healthz|readyz|metrics)$|^\/api\/openapi\.json$|^\/(webhooks|auth|oauth|\.well-known)\//.test(route.path))

const sorted = (record: Record<string, Json>): Record<string, Json> =>
  Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)))

const CONVENTIONS = `JSON over HTTPS, names in snake_case, times in UTC (\`2025-04-10T14:30:00Z\`), ids as \`txn_01jr…\`, sortable by time.

- **Credentials**: \`Authorization: Bearer <API key>\`. A key has permissions; each operation names the one it needs.
- **Amounts** are JSON numbers in major units with exactly the decimals of their currency (\`1250.00\`). Read them as decimals. Requests may send a number or a decimal string.
- **Lists** are \`{data, pagination, meta}\`. \`page\` and \`per_page\`, or \`cursor=<next_cursor>\` for any depth at constant cost.
- **Errors** are \`{error: {code, message, details, request_id, retryable}}\`. Branch on \`code\`; \`details\` names every fault at once.
- **Repeating**: send \`Idempotency-Key\` on POST and PATCH, and the same call again has one effect and one answer.
- **Limits**: \`X-RateLimit-*\` on every answer; 429 comes with \`Retry-After\`.
- Unknown fields and parameters are refused. Fields may join answers at any time: ignore what you do not know.`

const RESOURCES = [...new Set(PERMISSIONS.map((name) => name.split(':')[0]))]

const SECURITY: Json = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'pk_live_…',
    description: `An API key (\`pk_test_…\` in the sandbox environment). Its permissions are \`<resource>:read\` and \`<resource>:write\`, or \`*\` for all; \`write\` does not include \`read\`. Resources: ${RESOURCES.join(', ')}.`,
  },
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    description:
      'A short-lived token of a person (`POST /auth/token`) or of an application. The role or the grant decides the permissions.',
  },
}

/** What each group of operations is about. */
const TAGS: Record<string, string> = {
  Alerts: 'What a person must look at: opened and closed by whoever notices.',
  'API keys': 'Keys of the tenant: what they may do, when they were used, and their end.',
  Audit: 'Who did what, when and from where: a chain that shows when a link is missing.',
  'Bank connections': 'Consents at banks, their accounts and readings, and statement files.',
  Clients: 'The clients of the tenant, as WHMCS knows them.',
  Events: 'What happened, in order, with the bodies that webhooks deliver.',
  Invoices: 'What clients owe, mirrored from WHMCS.',
  Matches: 'Which invoices a transaction pays: proposals, decisions, and why.',
  OAuth: 'Applications that act for a tenant, and their tokens.',
  Payments: 'What approved matches book into WHMCS, exactly once.',
  'Provider credentials': 'Keys of the tenant at banks and Stripe: kept sealed, shown masked.',
  Payouts: 'Money that Stripe and GoCardless send to the bank, explained item by item.',
  Reports: 'Figures by day: money in, matched, applied, open.',
  'Sign-in': 'How people come in: password, second factor, invitation, tokens for the API.',
  'Stripe connections': 'Stripe accounts: how they are connected, read and let go.',
  System: 'Health of the process, its figures, and this document.',
  Tenants: 'Customers of Payymo and their settings.',
  Transactions: 'Money in and out, each line once, whatever brought it.',
  Users: 'The people of a tenant, their roles and invitations.',
  WHMCS: 'Installations of WHMCS: connection, proof of ownership, mirror.',
  Webhooks: 'Subscriptions to events, and every delivery with its attempts.',
}

const tagsOf = (routes: Route[]): Json[] =>
  [...new Set([...routes.map((route) => route.tag), 'Webhooks'])]
    .sort()
    .map((name) => ({ name, ...(TAGS[name] === undefined ? {} : { description: TAGS[name] }) }))
