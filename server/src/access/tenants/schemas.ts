import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { amountSchema, currencySchema, idSchema, isRealDay, textSchema } from '../../http/validate.ts'
import { brandingSchema, shownBranding } from './branding.ts'
import type { TenantView } from './directory.ts'
import { healthSchema } from './health-schemas.ts'
import type { TenantRow } from './queries.ts'

const NO_DAY = 'Must be a date such as 2025-04-10'

/** `settings.matching` of contract section 5. Null restores a default. */
export const matchingSettingsSchema = z.strictObject({
  mode: z
    .enum(['off', 'shadow', 'suggest', 'auto'])
    .describe(
      '`suggest` (default): every match waits for a person; `auto`: the sure ones are booked; `off` and `shadow`: nothing is proposed.',
    )
    .nullable()
    .optional(),
  scorer: z
    .enum(['calibrated', 'rules'])
    .describe('Where `confidence` comes from: a calibrated probability (default), or the plain `score`.')
    .nullable()
    .optional(),
  auto_threshold: z
    .number()
    .min(0)
    .max(1)
    .describe('In `auto`, the confidence from which a match is booked; 0.99 unless given.')
    .nullable()
    .optional(),
  max_auto_amount: amountSchema.nullable().optional(),
  fee_tolerance: amountSchema.nullable().optional(),
  date_window_days: z
    .int()
    .min(0)
    .max(3650)
    .describe('How many days an invoice and a payment may lie apart.')
    .nullable()
    .optional(),
  start_on: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, { error: NO_DAY, abort: true })
    .refine(isRealDay, NO_DAY)
    .describe('Older money is never applied without a person. The day of the first bank account unless given.')
    .nullable()
    .optional(),
})

/** A language tag of BCP 47, as browsers and Intl take it. */
function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}

export const tenantSettingsSchema = z.strictObject({
  timezone: z
    .string()
    .refine(
      (zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC',
      'Must be a time zone such as Europe/Berlin',
    )
    .describe('What a day is in reports and for quiet hours.')
    .nullable()
    .optional(),
  locale: z
    .string()
    .max(20)
    .refine(isLocale, 'Must be a language tag such as de-AT')
    .describe('The language of mails.')
    .nullable()
    .optional(),
  home_currency: currencySchema
    .describe('The currency of the amounts among these settings, and of reports. EUR unless given.')
    .nullable()
    .optional(),
  matching: matchingSettingsSchema
    .describe(
      'How money finds its invoices. In `auto`, what is above `max_auto_amount` waits for a person; up to `fee_tolerance` less than the invoice may arrive because a bank kept a fee. Both in the home currency.',
    )
    .nullable()
    .optional(),
})

const nameSchema = textSchema(200).min(1, 'Must not be empty').describe('The name of the company.')
const slugSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'Must be lower-case letters, digits and hyphens')
  .describe(
    'A short name for the command line: lower-case letters, digits and hyphens. Never changes, and is never given twice.',
  )
const parentSchema = idSchema('ten').describe('The partner this tenant belongs to.').nullable().optional()
const kindSchema = z
  .enum(['customer', 'partner'])
  .describe('Only a `partner` has tenants of its own. `customer` unless given.')
const tierSchema = z.enum(['standard', 'premium']).describe('1000 or 5000 calls a minute. `standard` unless given.')
const environmentSchema = z
  .enum(['live', 'sandbox'])
  .describe(
    '`live` (default): keys begin pk_live_; `sandbox`: pk_test_, and providers are called in test mode. Never changes.',
  )

export const createTenantSchema = z.strictObject({
  name: nameSchema,
  slug: slugSchema,
  kind: kindSchema.optional(),
  tier: tierSchema.optional(),
  environment: environmentSchema.optional(),
  parent_id: parentSchema,
  settings: tenantSettingsSchema.optional(),
  branding: brandingSchema.optional(),
})

/** Slug and environment may be named, as long as they stay what they are: whoever sends back what was read is not refused. */
export const patchTenantSchema = z.strictObject({
  name: nameSchema.optional(),
  settings: tenantSettingsSchema.nullable().optional(),
  branding: brandingSchema.nullable().optional(),
  tier: tierSchema.optional(),
  status: z
    .enum(['active', 'suspended'])
    .describe('While `suspended` its keys answer 401 and its work rests.')
    .optional(),
  kind: kindSchema.optional(),
  parent_id: parentSchema,
  slug: slugSchema.optional(),
  environment: environmentSchema.optional(),
})

export const tenantSchema = z
  .object({
    id: idSchema('ten'),
    name: z.string(),
    slug: z.string(),
    kind: z.enum(['customer', 'partner']),
    tier: z.enum(['standard', 'premium']),
    environment: z.enum(['live', 'sandbox']),
    parent_id: z.string().nullable(),
    status: z.enum(['active', 'suspended', 'deleted']),
    settings: z.object({}).loose(),
    branding: z
      .object({
        product_name: z.string().nullable(),
        logo_url: z.string().nullable(),
        primary_color: z.string().nullable(),
        support_email: z.string().nullable(),
        custom_domain: z.string().nullable(),
      })
      .describe('As it shows: what the tenant has not set comes from its partner.'),
    health: healthSchema.optional().describe('Only with `expand=health`: how it does, and how much it uses.'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Tenant' })

export const presentTenant = (tenant: TenantView) => ({
  id: tenant.id,
  name: tenant.name,
  slug: tenant.slug,
  kind: tenant.kind,
  tier: tenant.tier,
  environment: tenant.environment,
  parent_id: tenant.parentId,
  status: tenant.status,
  settings: presentSettings(tenant.settings),
  branding: shownBranding(tenant),
  created_at: isoSeconds(tenant.createdAt),
  updated_at: isoSeconds(tenant.updatedAt),
})

/** Amounts in settings are kept as the text given and leave as numbers of exactly those digits. */
function presentSettings(settings: TenantRow['settings']): unknown {
  if (!settings.matching) return settings
  const matching: Record<string, unknown> = { ...settings.matching }
  for (const field of ['max_auto_amount', 'fee_tolerance']) {
    if (typeof matching[field] === 'string')
      matching[field] = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(matching[field])
  }
  return { ...settings, matching }
}

export const tenantExample = {
  id: 'ten_01jrfzq4v8m2k9d7t5x3w1c0ab',
  name: 'Northbyte Hosting',
  slug: 'northbyte',
  kind: 'customer',
  tier: 'standard',
  environment: 'live',
  parent_id: null,
  status: 'active',
  settings: { timezone: 'Europe/Berlin', home_currency: 'EUR', matching: { mode: 'auto', auto_threshold: 0.99 } },
  branding: {
    product_name: 'Northbyte Billing',
    logo_url: 'https://northbyte.example/logo.svg',
    primary_color: '#0a7c5f',
    support_email: 'help@northbyte.example',
    custom_domain: null,
  },
  created_at: '2025-04-01T08:00:00Z',
  updated_at: '2025-04-01T08:00:00Z',
}
