import { z } from 'zod'
import { isoSeconds } from '../base/clock.ts'
import { type ListSource, listQuery } from '../http/list.ts'
import { FIELDS, type Provider, PROVIDERS } from './catalogue.ts'
import { CREDENTIALS_COLUMNS, type CredentialsRow } from './queries.ts'

const secret = z.string().regex(/^[\x21-\x7e]{4,1000}$/, 'Must be 4 to 1000 printable characters without spaces')
const pem = z.string().min(1, 'This field is required').max(20_000, 'Must have at most 20000 characters')

/** What may be kept for each provider. */
export const credentialsBodies = {
  gocardless: z.strictObject({
    secret_id: secret.describe('Of GoCardless Bank Account Data, with `secret_key`.').optional(),
    secret_key: secret.optional(),
    webhook_secret: secret.describe('What GoCardless signs the events of payments with.').optional(),
    access_token: secret.describe('Of GoCardless payments.').optional(),
  }),
  enablebanking: z.strictObject({
    application_id: secret,
    private_key: pem.describe('PEM, of the pair whose certificate was uploaded there.'),
  }),
  stripe: z.strictObject({
    secret_key: secret.describe('sk_… or rk_…, of the mode of the tenant.'),
    client_id: secret.describe('Of Connect, begins with ca_.').optional(),
    webhook_secret: secret.describe('Begins with whsec_.').optional(),
  }),
} satisfies Record<Provider, z.ZodType>

export const bodyExamples: Record<Provider, object> = {
  gocardless: { secret_id: '0b7a2f5e-6c1d-4e0f-9a53-2d1c8be41234', secret_key: 'your-secret-key' },
  enablebanking: {
    application_id: '6f1d0c9e-3b52-4a7d-8f10-5e2a9c771234',
    private_key: '-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n',
  },
  stripe: { secret_key: 'sk_live_your-secret-key', client_id: 'ca_your-connect-client-id' },
}

const masked = z.string().nullable().describe('Masked; null where none is kept.')
const shownSchema = <P extends Provider>(provider: P, id: string) =>
  z
    .object({
      provider: z.literal(provider),
      ...Object.fromEntries(FIELDS[provider].map((name) => [name, masked])),
      created_at: z.string(),
      updated_at: z.string(),
    })
    .meta({ id })

export const credentialsSchemas = {
  gocardless: shownSchema('gocardless', 'GocardlessCredentials'),
  enablebanking: shownSchema('enablebanking', 'EnablebankingCredentials'),
  stripe: shownSchema('stripe', 'StripeCredentials'),
}

export const anyCredentialsSchema = z.union([
  credentialsSchemas.gocardless,
  credentialsSchemas.enablebanking,
  credentialsSchemas.stripe,
])

const TIMES = { created_at: '2025-04-10T14:30:00Z', updated_at: '2025-04-10T14:30:00Z' }
export const credentialsExamples = {
  gocardless: {
    provider: 'gocardless',
    secret_id: '••••1234',
    secret_key: '••••9f0c',
    webhook_secret: null,
    access_token: null,
    ...TIMES,
  },
  enablebanking: { provider: 'enablebanking', application_id: '••••1234', private_key: '••••', ...TIMES },
  stripe: { provider: 'stripe', secret_key: '••••7Xq2', client_id: '••••a1B2', webhook_secret: null, ...TIMES },
}

/** The only way credentials leave. */
export function presentCredentials(
  row: Pick<CredentialsRow, 'provider' | 'created_at' | 'updated_at'>,
  fields: Partial<Record<string, string>>,
) {
  return {
    provider: row.provider,
    ...Object.fromEntries(FIELDS[row.provider].map((name) => [name, mask(fields[name])])),
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
  }
}

/** The last four characters of a long secret, so that a person knows which one it is; nothing of a short one or of a PEM. */
const mask = (value: string | undefined): string | null =>
  value === undefined ? null : `••••${value.length >= 16 && !value.startsWith('-----') ? value.slice(-4) : ''}`

export const CREDENTIALS_LIST: ListSource = {
  select: CREDENTIALS_COLUMNS,
  from: 'provider_credentials c',
  alias: 'c',
  filters: { provider: { sql: 'c.provider', kind: 'enum', values: PROVIDERS } },
  sortable: { provider: { sql: 'c.provider', kind: 'text' } },
}

export const credentialsListQuery = listQuery(CREDENTIALS_LIST)
