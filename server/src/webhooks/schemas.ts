import { z } from 'zod'
import { isoSeconds } from '../base/clock.ts'
import { EVENT_TYPES } from '../events/catalogue.ts'
import { listQuery, type ListSource } from '../http/list.ts'
import { daySchema, idSchema } from '../http/validate.ts'
import { DELIVERY_COLUMNS, type DeliveryRow } from './delivery-queries.ts'
import { shownHeaders } from './request-headers.ts'
import { WEBHOOK_COLUMNS, WEBHOOK_FROM, type WebhookRow } from './queries.ts'
import { typeWords } from './event-schemas.ts'
import { isPattern } from './subscriptions.ts'

const urlSchema = z
  .string()
  .max(2000, 'Must have at most 2000 characters')
  .refine(
    (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
    'Must be a web address that begins with https://',
  )
  .meta({ description: 'Where events are posted to.', examples: ['https://example.com/hooks/payymo'] })

const patternsSchema = z
  .array(z.string().refine(isPattern, 'Must be a type listed at /event-types, a group such as match.*, or *'))
  .min(1, 'Must hold at least one type')
  .max(100, 'Must hold at most 100 types')
  .transform((patterns) => [...new Set(patterns)])
  .meta({
    description: 'Types of GET /event-types, groups such as `match.*`, or `*` for all.',
    examples: [['match.*', 'invoice.paid']],
  })

export const createWebhookSchema = z.strictObject({ url: urlSchema, events: patternsSchema })

export const patchWebhookSchema = z.strictObject({
  url: urlSchema.optional(),
  events: patternsSchema.optional(),
  active: z.boolean().describe('Whether events are sent; true lifts what switched it off.').optional(),
})

export const replaySchema = z.strictObject({
  from: daySchema,
  to: daySchema.describe('Now unless given.').optional(),
  only_failed: z.boolean().describe('Leaves out what was delivered.').optional(),
  dry_run: z.boolean().describe('Only counts.').optional(),
})

export const webhookSchema = z
  .object({
    id: idSchema('hook'),
    url: z.string(),
    events: z.array(z.string()),
    active: z.boolean(),
    disabled_reason: z
      .enum(['gone', 'failing'])
      .nullable()
      .describe('Why Payymo switched it off: it answered 410, or took nothing for five days.'),
    failing_since: z.string().nullable().describe('The first failure since the last success.'),
    previous_secret_valid_until: z
      .string()
      .nullable()
      .describe('While set, each delivery carries a second signature made with the secret before the rotation.'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Webhook' })

export const webhookWithSecretSchema = webhookSchema
  .extend({ secret: z.string().describe('Shown in this answer only.') })
  .meta({ id: 'WebhookWithSecret' })

/** The only way a webhook leaves; its secret is not part of the row. */
export const presentWebhook = (row: WebhookRow) => ({
  id: row.id,
  url: row.url,
  events: row.events,
  active: row.active,
  disabled_reason: row.disabledReason,
  failing_since: row.failingSince && isoSeconds(row.failingSince),
  previous_secret_valid_until: row.previousUntil && isoSeconds(row.previousUntil),
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})

export const WEBHOOK_LIST: ListSource = {
  select: WEBHOOK_COLUMNS,
  from: WEBHOOK_FROM,
  alias: 'w',
  search: ["search_words(w.url || ' ' || array_to_string(w.events, ' '))"],
  filters: {
    url: { sql: 'w.url', kind: 'text' },
    active: { sql: 'w.active', kind: 'boolean' },
    events: { sql: '', kind: 'text', where: (placeholder) => `${placeholder} = any(w.events)` },
    disabled_reason: { sql: 'w.disabled_reason', kind: 'enum', values: ['gone', 'failing'] },
    failing_since: { sql: 'w.failing_since', kind: 'time', range: true },
  },
  sortable: {
    // Cursors carry the value, and addresses may be long.
    url: { sql: 'left(w.url, 200)', kind: 'text' },
    failing_since: { sql: 'w.failing_since', kind: 'time', nullable: true },
  },
}
export const webhookListQuery = listQuery(WEBHOOK_LIST)

export const deliverySchema = z
  .object({
    id: idSchema('dlv'),
    webhook_id: idSchema('hook'),
    event_id: idSchema('evt'),
    event_type: z.string(),
    status: z
      .enum(['pending', 'delivered', 'failed', 'dead'])
      .describe('`dead`: all tries are used up. `failed`: stopped by a 410 answer or by switching the webhook off.'),
    attempts: z
      .array(
        z.object({
          at: z.string(),
          status_code: z.int().nullable(),
          duration_ms: z.int().nullable(),
          response_body: z.string().nullable().describe('The first 1000 characters.'),
          error: z.string().nullable().describe('Why there was no complete answer.'),
        }),
      )
      .describe('Oldest first.'),
    next_attempt_at: z.string().nullable().describe('Null when none is planned, and while one is under way.'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Delivery' })

export const presentDelivery = (row: DeliveryRow) => ({
  id: row.id,
  webhook_id: row.webhookId,
  event_id: row.eventId,
  event_type: row.eventType,
  status: row.status,
  attempts: row.attempts,
  next_attempt_at: row.nextAttemptAt && isoSeconds(row.nextAttemptAt),
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})

export const deliveryWithRequestSchema = deliverySchema
  .extend({
    request_body: z.string().describe('What was sent, or will be, byte for byte: the event as JSON.'),
    request_headers: z
      .record(z.string(), z.string())
      .nullable()
      .describe('What the last attempt sent with it, the signatures hidden; null while there was none.'),
  })
  .meta({ id: 'DeliveryWithRequest' })

/** `body`: of the event. */
export const presentDeliveryWithRequest = (row: DeliveryRow, body: string) => ({
  ...presentDelivery(row),
  request_body: body,
  request_headers: shownHeaders(row),
})

const DELIVERY_FILTERS: ListSource['filters'] = {
  status: { sql: 'd.status', kind: 'enum', values: ['pending', 'delivered', 'failed', 'dead'] },
  event_type: { sql: 'd.event_type', kind: 'enum', values: EVENT_TYPES },
  event_id: { sql: 'd.event_id', kind: 'id', prefix: 'evt' },
}
/** `webhook_id` comes from the path. */
export const DELIVERY_LIST: ListSource = {
  select: DELIVERY_COLUMNS,
  from: 'deliveries d',
  alias: 'd',
  search: [typeWords('d.event_type')],
  filters: { ...DELIVERY_FILTERS, webhook_id: { sql: 'd.webhook_id', kind: 'id' } },
  sortable: { event_type: { sql: 'd.event_type', kind: 'text' }, status: { sql: 'd.status', kind: 'text' } },
}
export const deliveryListQuery = listQuery({ ...DELIVERY_LIST, filters: DELIVERY_FILTERS })

export const webhookExample = {
  id: 'hook_01jrfzq4v8m2k9d7t5x3w1c0ab',
  url: 'https://example.com/hooks/payymo',
  events: ['match.*', 'invoice.paid'],
  active: true,
  disabled_reason: null,
  failing_since: null,
  previous_secret_valid_until: null,
  created_at: '2025-04-10T14:30:00Z',
  updated_at: '2025-04-10T14:30:00Z',
}

export const webhookWithSecretExample = { ...webhookExample, secret: 'whsec_<base64 of 32 bytes>' }

export const deliveryExample = {
  id: 'dlv_01jrfzq4v8m2k9d7t5x3w1c0ab',
  webhook_id: webhookExample.id,
  event_id: 'evt_01jrfzq4v8m2k9d7t5x3w1c0ab',
  event_type: 'match.applied',
  status: 'delivered',
  attempts: [{ at: '2025-04-10T14:35:22Z', status_code: 200, duration_ms: 84, response_body: 'ok', error: null }],
  next_attempt_at: null,
  created_at: '2025-04-10T14:35:22Z',
  updated_at: '2025-04-10T14:35:22Z',
}

export const deliveryWithRequestExample = {
  ...deliveryExample,
  request_body:
    '{"id":"evt_01jrfzq4v8m2k9d7t5x3w1c0ab","event_type":"match.applied","tenant_id":"ten_01jrfzq4v8m2k9d7t5x3w1c0ab","timestamp":"2025-04-10T14:35:22Z","data":{"id":"match_01jrfzq4v8m2k9d7t5x3w1c0ab"}}',
  request_headers: {
    'content-type': 'application/json',
    'user-agent': 'Payymo-Webhooks/1',
    'x-payymo-delivery': deliveryExample.id,
    'x-payymo-attempt': '1',
    'x-payymo-signature': 't=1744295722,v1=(hidden)',
    'webhook-id': deliveryExample.event_id,
    'webhook-timestamp': '1744295722',
    'webhook-signature': 'v1,(hidden)',
  },
}
