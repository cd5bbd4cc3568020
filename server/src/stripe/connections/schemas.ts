import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { listQuery, type ListSource } from '../../http/list.ts'
import { idSchema, textSchema } from '../../http/validate.ts'
import { CONNECTION_COLUMNS, type ConnectionRow } from './queries.ts'

const KINDS = ['connect_oauth', 'restricted_key'] as const
const STATUSES = ['pending', 'active', 'error', 'disconnected'] as const

const backfillDays = z
  .int()
  .min(1, 'Must be from 1 to 730')
  .max(730, 'Must be from 1 to 730')
  .describe(
    'How many days back the account is read first, 30 when left out. What was read once of the account is not read again.',
  )
  .optional()

export const initializeSchema = z.strictObject({
  redirect_url: z
    .string()
    .max(1024, 'Must have at most 1024 characters')
    .describe(
      'Where the browser comes back to. An address of STRIPE_REDIRECT_URLS (outside production any) is sent to Stripe as it is and gets `code` and `state` (or `error` and `state`), to be posted to `/stripe-connections/callback`; any other gets `connection_id` and `status`. https (http outside production); no fragment.',
    ),
  backfill_days: backfillDays,
})

export const startedSchema = z
  .object({ authorization_url: z.string(), connection_id: idSchema('strc'), expires_at: z.string() })
  .meta({ id: 'StartedStripeConnection' })

const backText = z.string().min(1).max(500)

export const callbackSchema = z
  .strictObject({
    code: backText.describe('As it came from Stripe, within five minutes, once.').optional(),
    state: backText,
    error: backText.describe('In the place of `code`: what Stripe said, such as access_denied.').optional(),
    scope: backText.describe('Comes with `code`; what was granted is asked of Stripe itself.').optional(),
    error_description: backText.describe('Comes with `error`.').optional(),
  })
  // Asked also where another field is bad: all of them are named at once.
  .refine(({ code, error }) => code !== undefined || error !== undefined, {
    path: ['code'],
    message: 'This field is required',
    when: ({ value }) => isObject(value),
  })
  .refine(({ code, error }) => code === undefined || error === undefined, {
    path: ['error'],
    message: 'Comes in the place of code, not beside it',
    when: ({ value }) => isObject(value),
  })

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

export const connectedSchema = z
  .object({
    connection_id: idSchema('strc'),
    account_id: z.string().nullable(),
    account_name: z.string().nullable(),
    country: z.string().nullable(),
    livemode: z.boolean(),
    status: z.enum(STATUSES),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'StripeCallback' })

export const presentConnected = (row: ConnectionRow) => ({
  connection_id: row.id,
  account_id: row.accountId,
  account_name: row.accountName,
  country: row.country,
  livemode: row.livemode,
  status: row.status,
  error: errorOf(row),
})

const keyText = z.string().min(1).max(500)

const nameText = textSchema(100)
  .min(1)
  .describe('What you call the account. Restricted keys may not read what it is called at Stripe.')
  .optional()

export const createSchema = z.strictObject({
  account_name: nameText,
  kind: z.enum(['restricted_key']).describe('Accounts are connected by OAuth at /stripe-connections/initialize.'),
  api_key: keyText.describe(
    'A restricted key (`rk_…`) with Read on Charges, PaymentIntents, Balance transactions, Payouts, Refunds, Disputes, Events, Checkout Sessions and Customers. Never shown again.',
  ),
  webhook_secret: keyText
    .describe('The signing secret (`whsec_…`) of an endpoint that sends to `webhook_url`. It can be given later.')
    .optional(),
  backfill_days: backfillDays,
})

export const patchSchema = z.strictObject({
  account_name: nameText,
  api_key: keyText.describe('Another restricted key of the same account.').optional(),
  webhook_secret: keyText.nullable().describe('null: events are not taken any more.').optional(),
})

export const connectionSchema = z
  .object({
    id: idSchema('strc'),
    kind: z.enum(KINDS),
    account_id: z.string().nullable(),
    account_name: z.string().nullable(),
    country: z.string().nullable(),
    default_currency: z.string().nullable(),
    livemode: z.boolean(),
    scope: z.string().nullable(),
    status: z.enum(STATUSES),
    missing_permissions: z.array(z.string()),
    webhook_url: z.string().nullable(),
    webhook_secret_set: z.boolean(),
    connected_at: z.string().nullable(),
    disconnected_at: z.string().nullable(),
    last_sync_at: z.string().nullable(),
    next_sync_at: z.string().nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'StripeConnection' })

const time = (at: Date | null): string | null => at && isoSeconds(at)
const errorOf = (row: ConnectionRow) =>
  row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' }

/** The only way a connection leaves, in answers and events. */
export const presentConnection = (deps: { publicUrl(): string }, row: ConnectionRow) => ({
  id: row.id,
  kind: row.kind,
  account_id: row.accountId,
  account_name: row.accountName,
  country: row.country,
  default_currency: row.defaultCurrency,
  livemode: row.livemode,
  scope: row.scope,
  status: row.status,
  missing_permissions: row.missingPermissions,
  // Events of accounts that were connected by OAuth come to the platform's endpoint.
  webhook_url: row.kind === 'restricted_key' ? `${deps.publicUrl()}/webhooks/stripe/${row.id}` : null,
  webhook_secret_set: row.sealedWebhookSecret !== null,
  connected_at: time(row.connectedAt),
  disconnected_at: time(row.disconnectedAt),
  last_sync_at: time(row.lastSyncAt),
  next_sync_at: time(row.nextSyncAt),
  error: errorOf(row),
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})

export const CONNECTION_LIST: ListSource = {
  select: CONNECTION_COLUMNS,
  from: 'stripe_connections c',
  alias: 'c',
  search: [
    "search_words(coalesce(c.account_name, '') || ' ' || coalesce(c.account_id, '') || ' ' || coalesce(c.error_message, ''))",
  ],
  filters: {
    kind: { sql: 'c.kind', kind: 'enum', values: KINDS },
    account_id: { sql: 'c.account_id', kind: 'text' },
    account_name: { sql: 'c.account_name', kind: 'text' },
    country: { sql: 'c.country', kind: 'text' },
    default_currency: { sql: 'c.default_currency', kind: 'currency' },
    livemode: { sql: 'c.livemode', kind: 'boolean' },
    scope: { sql: 'c.scope', kind: 'text' },
    status: { sql: 'c.status', kind: 'enum', values: STATUSES },
    connected_at: { sql: 'c.connected_at', kind: 'time', range: true },
    disconnected_at: { sql: 'c.disconnected_at', kind: 'time', range: true },
    last_sync_at: { sql: 'c.last_sync_at', kind: 'time', range: true },
    next_sync_at: { sql: 'c.next_sync_at', kind: 'time', range: true },
  },
  sortable: {
    account_name: { sql: 'c.account_name', kind: 'text', nullable: true },
    status: { sql: 'c.status', kind: 'text' },
    connected_at: { sql: 'c.connected_at', kind: 'time', nullable: true },
    disconnected_at: { sql: 'c.disconnected_at', kind: 'time', nullable: true },
    last_sync_at: { sql: 'c.last_sync_at', kind: 'time', nullable: true },
    next_sync_at: { sql: 'c.next_sync_at', kind: 'time', nullable: true },
  },
}
export const connectionListQuery = listQuery(CONNECTION_LIST)

export const startedExample = {
  authorization_url:
    'https://connect.stripe.com/oauth/authorize?response_type=code&client_id=ca_FkyHCg7X8mlvCUdMDao4mMxagUfhIwXb&scope=read_write&redirect_uri=https%3A%2F%2Fbilling.example.com%2Fstripe&state=Zm9yIGV4YW1wbGUgb25seSwgMzIgYnl0ZXMgb2YgY2g&stripe_landing=login',
  connection_id: 'strc_01jrfzq4v8m2k9d7t5x3w1c0ab',
  expires_at: '2025-04-10T14:40:00Z',
}

export const connectedExample = {
  connection_id: 'strc_01jrfzq4v8m2k9d7t5x3w1c0ab',
  account_id: 'acct_1Northbyte00001',
  account_name: 'Northbyte Hosting',
  country: 'GB',
  livemode: true,
  status: 'active',
  error: null,
}

export const connectionExample = {
  id: 'strc_01jrfzq4v8m2k9d7t5x3w1c0ab',
  kind: 'connect_oauth',
  account_id: 'acct_1Northbyte00001',
  account_name: 'Northbyte Hosting',
  country: 'GB',
  default_currency: 'GBP',
  livemode: true,
  scope: 'read_write',
  status: 'active',
  missing_permissions: [],
  webhook_url: null,
  webhook_secret_set: false,
  connected_at: '2025-04-10T14:31:02Z',
  disconnected_at: null,
  last_sync_at: '2025-04-10T14:35:22Z',
  next_sync_at: '2025-04-10T15:35:22Z',
  error: null,
  created_at: '2025-04-10T14:30:00Z',
  updated_at: '2025-04-10T14:35:22Z',
}

export const keyConnectionExample = {
  ...connectionExample,
  kind: 'restricted_key',
  scope: null,
  webhook_url: 'https://payymo.example.com/webhooks/stripe/strc_01jrfzq4v8m2k9d7t5x3w1c0ab',
  webhook_secret_set: true,
  last_sync_at: null,
  next_sync_at: '2025-04-10T14:31:02Z',
}
