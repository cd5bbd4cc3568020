import { EVENT_TYPES, type EventType } from '../events/catalogue.ts'
import { exampleJson } from './openapi-amounts.ts'
import { ID_LETTERS, type Json, reference, type Shapes } from './openapi-schemas.ts'
import type { Route } from './route.ts'

/** The shape each kind of event carries: the resource as the API shows it. */
const PAYLOADS: Record<string, string> = {
  transaction: 'Transaction',
  match: 'InvoiceMatch',
  payment: 'Payment',
  invoice: 'Invoice',
  bank_connection: 'BankConnection',
  stripe_connection: 'StripeConnection',
  payout: 'Payout',
  whmcs_instance: 'WhmcsInstance',
  alert: 'Alert',
  webhook: 'Webhook',
}

/** The `webhooks` of OpenAPI 3.1: what we post to the addresses of tenants (contract 6). Adds the shapes of the events. */
export function eventDocuments(
  routes: Route[],
  shapes: Shapes,
  descriptions: Partial<Record<EventType, string>>,
): Record<string, Json> {
  const examples = payloadExamples(routes)
  return Object.fromEntries(
    EVENT_TYPES.map((type) => {
      const kind = type.split('.')[0]!
      const payload = PAYLOADS[kind] ?? ''
      const schema = shapes.add(`${pascal(kind)}Event`, eventSchema(kind, shapes.has(payload) ? payload : undefined))
      const description = descriptions[type] ?? `${type}.`
      return [type, { post: delivery(type, description, schema, examples.get(payload)) }]
    }),
  )
}

const pascal = (name: string): string =>
  name.replace(/(^|_)(\w)/g, (_all, _bar, letter: string) => letter.toUpperCase())

const eventSchema = (kind: string, payload: string | undefined): Json => ({
  type: 'object',
  required: ['id', 'event_type', 'tenant_id', 'timestamp', 'data'],
  properties: {
    id: {
      type: 'string',
      pattern: `^evt_${ID_LETTERS}$`,
      description: 'The same at every attempt and replay: keep it, and do each once.',
    },
    event_type: { type: 'string', enum: EVENT_TYPES.filter((type) => type.startsWith(`${kind}.`)) },
    tenant_id: { type: 'string', pattern: `^ten_${ID_LETTERS}$` },
    timestamp: { type: 'string', format: 'date-time' },
    data: payload === undefined ? { type: 'object' } : reference(payload),
  },
})

function delivery(type: EventType, description: string, schema: Json, data: unknown): Json {
  return {
    operationId: `on${pascal(type.replace('.', '_'))}`,
    tags: ['Webhooks'],
    summary: type,
    description,
    security: [],
    parameters: DELIVERY_HEADERS,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema,
          example: {
            id: 'evt_01jrfzq4v8m2k9d7t5x3w1c0ab',
            event_type: type,
            tenant_id: 'ten_01jrfzq4v8m2k9d7t5x3w1c0ab',
            timestamp: '2025-04-10T14:35:22Z',
            data: exampleJson(data ?? {}),
          },
        },
      },
    },
    responses: {
      '2XX': { description: 'Taken, within 10 seconds. Every other answer is tried again five times.' },
      410: { description: 'Never again: the webhook is switched off.' },
    },
  }
}

const header = (name: string, description: string, example: string): Json => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
  example,
})

const DELIVERY_HEADERS: Json[] = [
  header(
    'X-Payymo-Signature',
    '`t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>`, keyed with the whole secret (`whsec_…`). Two `v1` while a rotation lasts.',
    't=1744295722,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd',
  ),
  header('webhook-id', 'The id of the event (Standard Webhooks).', 'evt_01jrfzq4v8m2k9d7t5x3w1c0ab'),
  header('webhook-timestamp', 'When this attempt was signed, in Unix seconds (Standard Webhooks).', '1744295722'),
  header(
    'webhook-signature',
    '`v1,<base64>`: HMAC-SHA256 of `<id>.<timestamp>.<body>`, keyed with the 32 bytes behind `whsec_` (Standard Webhooks).',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
  header(
    'X-Payymo-Delivery',
    'The delivery, as `/webhooks/{id}/deliveries` shows it.',
    'dlv_01jrfzq4v8m2k9d7t5x3w1c0ab',
  ),
  header('X-Payymo-Attempt', 'Which try this is, from 1.', '1'),
]

/** The example of each named shape, taken from the first answer that shows one. */
function payloadExamples(routes: Route[]): Map<string, unknown> {
  const examples = new Map<string, unknown>()
  for (const route of routes) {
    for (const { schema, example } of Object.values(route.answers)) {
      const name = schema?.meta()?.id
      if (typeof name === 'string' && example !== undefined && !examples.has(name)) examples.set(name, example)
    }
  }
  return examples
}
