import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { listQuery, type ListSource } from '../../http/list.ts'
import { idSchema, textSchema } from '../../http/validate.ts'
import { proofsOf } from './proofs.ts'
import { INSTANCE_COLUMNS, type InstanceRow, type InstanceSettings } from './queries.ts'

const identifierSchema = textSchema(255).min(1)
const secretSchema = textSchema(500).min(1)
const methodSchema = z
  .string()
  .regex(/^[a-z0-9_]{1,64}$/i, 'Must be the system name of a payment method, such as banktransfer')
  .describe(
    'System name of the payment method in WHMCS that payments are recorded under (default banktransfer). One that WHMCS does not have is refused, where it can be asked at once; otherwise `/test` names it.',
  )

const surplusSchema = z
  .enum(['leave', 'credit'])
  .describe(
    'What becomes of money beyond the invoices it settles. `leave` (default): it stays unallocated on the transaction, and the match says so. `credit`: where the invoices are of one client, it becomes credit of that client in WHMCS, with the payment of the last of them.',
  )
const confirmationSchema = z
  .boolean()
  .describe('Whether WHMCS mails the client its confirmation of a payment (default true).')
const stripeFeesSchema = z
  .boolean()
  .describe(
    'Whether what Stripe kept is noted in WHMCS as the fee of the payment (default false). The invoice is credited in full either way.',
  )

export const createInstanceSchema = z.strictObject({
  system_url: textSchema(500).describe('Full address of WHMCS with its sub-path, such as https://example.com/billing.'),
  mode: z
    .enum(['api', 'module'])
    .describe('`api`: Payymo calls the WHMCS API; `module`: the addon sends. `api` where an identifier is given.')
    .optional(),
  api_identifier: identifierSchema.describe('Of an API credential in WHMCS, as is `api_secret`.').optional(),
  api_secret: secretSchema.optional(),
  access_key: secretSchema.describe('Where WHMCS asks for one besides the address.').optional(),
  payment_method: methodSchema.optional(),
  settings: z
    .strictObject({
      surplus: surplusSchema.optional(),
      confirmation_email: confirmationSchema.optional(),
      stripe_fees: stripeFeesSchema.optional(),
    })
    .describe('How payments are written into WHMCS. What is left out has its default.')
    .optional(),
})

export const patchInstanceSchema = z.strictObject({
  system_url: textSchema(500).describe('Another address asks for another proof.').optional(),
  mode: z.enum(['api', 'module']).nullable().optional(),
  api_identifier: identifierSchema.nullable().optional(),
  api_secret: secretSchema.nullable().optional(),
  access_key: secretSchema.nullable().optional(),
  payment_method: methodSchema.nullable().optional(),
  settings: z
    .strictObject({
      surplus: surplusSchema.nullable().optional(),
      confirmation_email: confirmationSchema.nullable().optional(),
      stripe_fees: stripeFeesSchema.nullable().optional(),
    })
    .describe(
      'What is left out stays as it is; null restores the default. Counts for what is approved or sent from now on.',
    )
    .optional(),
})

export const verifyInstanceSchema = z.strictObject({
  method: z.enum(['module', 'file', 'dns']).describe('All three in turn unless given.').optional(),
})

export const instanceSchema = z
  .object({
    id: idSchema('whm'),
    system_url: z.string(),
    mode: z.enum(['api', 'module']),
    api_identifier: z.string().nullable(),
    payment_method: z.string().describe('System name of the payment method that payments are recorded under.'),
    settings: z
      .object({ surplus: surplusSchema, confirmation_email: confirmationSchema, stripe_fees: stripeFeesSchema })
      .describe('How payments are written into WHMCS.'),
    status: z.enum(['pending', 'active', 'error', 'disconnected']),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    verified_at: z.string().nullable(),
    verified_by: z.enum(['module', 'file', 'dns']).nullable(),
    proof_checked_at: z
      .string()
      .nullable()
      .describe('When the proof was last looked at: once a day, the way it was given.'),
    proof_fault: z
      .string()
      .nullable()
      .describe('What was found instead of it. After seven days without the proof nothing is booked any more.'),
    proofs: z.object({
      module: z.object({ url: z.string() }),
      file: z.object({ url: z.string(), content: z.string() }),
      dns: z.object({ name: z.string(), value: z.string() }),
    }),
    last_seen_at: z.string().nullable(),
    last_sync_at: z.string().nullable(),
    next_sync_at: z.string().nullable(),
    mirrored_at: z.string().nullable().describe('When all open invoices and a year of closed ones were first read.'),
    version: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'WhmcsInstance' })

export const createdInstanceSchema = instanceSchema
  .extend({
    webhook_secret: z.string().describe('Shared with the module. Shown in this answer only.'),
    pairing_code: z
      .string()
      .nullable()
      .describe('Paste it into the page of the module in WHMCS within the hour; it works once. Null in mode `api`.'),
  })
  .meta({ id: 'CreatedWhmcsInstance' })

export const pairingCodeSchema = z
  .object({ pairing_code: z.string().describe('Paste it into the page of the module in WHMCS. Works once.') })
  .meta({ id: 'WhmcsPairingCode' })

/** The fields of a body that were given. */
export const readSettings = <Surplus, Flag>(
  body:
    | {
        surplus?: Surplus | undefined
        confirmation_email?: Flag | undefined
        stripe_fees?: Flag | undefined
      }
    | undefined,
): { surplus?: Surplus; confirmationEmail?: Flag; stripeFees?: Flag } => ({
  ...(body?.surplus === undefined ? {} : { surplus: body.surplus }),
  ...(body?.confirmation_email === undefined ? {} : { confirmationEmail: body.confirmation_email }),
  ...(body?.stripe_fees === undefined ? {} : { stripeFees: body.stripe_fees }),
})

export const presentSettings = (settings: InstanceSettings) => ({
  surplus: settings.surplus,
  confirmation_email: settings.confirmationEmail,
  stripe_fees: settings.stripeFees,
})

const timeOrNull = (at: Date | null): string | null => at && isoSeconds(at)

/** The only way an installation leaves: without any secret. */
export const presentInstance = (row: InstanceRow) => ({
  id: row.id,
  system_url: row.systemUrl,
  mode: row.mode,
  api_identifier: row.apiIdentifier,
  payment_method: row.paymentMethod,
  settings: presentSettings(row.settings),
  status: row.status,
  error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
  verified_at: timeOrNull(row.verifiedAt),
  verified_by: row.verifiedBy,
  proof_checked_at: timeOrNull(row.proofCheckedAt),
  proof_fault: row.proofFault,
  proofs: proofsOf(row),
  last_seen_at: timeOrNull(row.lastSeenAt),
  last_sync_at: timeOrNull(row.lastSyncAt),
  next_sync_at: timeOrNull(row.nextSyncAt),
  mirrored_at: timeOrNull(row.mirroredAt),
  version: row.version,
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})

export const testResultSchema = z
  .object({
    ok: z.boolean().describe('Whether invoices can be read and payments booked.'),
    steps: z.array(
      z.object({
        step: z.string(),
        needed_for: z
          .enum(['reading', 'booking', 'taking_back'])
          .describe('A step that only taking payments back needs does not spoil `ok`.'),
        ok: z.boolean(),
        message: z.string(),
        remedy: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'WhmcsConnectionTest' })

export const INSTANCE_LIST: ListSource = {
  select: INSTANCE_COLUMNS,
  from: 'whmcs_instances w',
  alias: 'w',
  search: ["search_words(w.system_url || ' ' || coalesce(w.version, '') || ' ' || coalesce(w.error_message, ''))"],
  filters: {
    system_url: { sql: 'w.system_url', kind: 'text' },
    status: { sql: 'w.status', kind: 'enum', values: ['pending', 'active', 'error', 'disconnected'] },
    mode: { sql: 'w.mode', kind: 'enum', values: ['api', 'module'] },
    payment_method: { sql: 'w.payment_method', kind: 'text' },
    surplus: { sql: 'w.surplus', kind: 'enum', values: ['leave', 'credit'] },
    version: { sql: 'w.version', kind: 'text' },
    verified_at: { sql: 'w.verified_at', kind: 'time', range: true },
    last_seen_at: { sql: 'w.last_seen_at', kind: 'time', range: true },
  },
  sortable: {
    // Cursors carry the value, and addresses may be long.
    system_url: { sql: 'left(w.system_url, 200)', kind: 'text' },
    status: { sql: 'w.status', kind: 'text' },
    verified_at: { sql: 'w.verified_at', kind: 'time', nullable: true },
    last_seen_at: { sql: 'w.last_seen_at', kind: 'time', nullable: true },
  },
}
export const instanceListQuery = listQuery(INSTANCE_LIST)

export const instanceExample = {
  id: 'whm_01jrfzq4v8m2k9d7t5x3w1c0ab',
  system_url: 'https://my.northbyte.example/billing',
  mode: 'api',
  api_identifier: 'Qk2mV8hT4Xc9pL7wZr5sN1bJ6dF3gY0a',
  payment_method: 'banktransfer',
  settings: { surplus: 'leave', confirmation_email: true, stripe_fees: false },
  status: 'active',
  error: null,
  verified_at: '2025-04-10T14:30:00Z',
  verified_by: 'file',
  proof_checked_at: '2025-04-11T14:31:00Z',
  proof_fault: null,
  proofs: {
    module: { url: 'https://my.northbyte.example/billing/modules/addons/payymo/proof.php' },
    file: {
      url: 'https://my.northbyte.example/.well-known/payymo-9f86d081884c7d659a2feaa0c55ad015.txt',
      content: '9f86d081884c7d659a2feaa0c55ad015',
    },
    dns: { name: '_payymo.my.northbyte.example', value: '9f86d081884c7d659a2feaa0c55ad015' },
  },
  last_seen_at: '2025-04-10T14:35:00Z',
  last_sync_at: '2025-04-10T14:35:00Z',
  next_sync_at: '2025-04-10T14:40:00Z',
  mirrored_at: '2025-04-10T14:31:10Z',
  version: '8.13.1',
  created_at: '2025-04-10T14:29:00Z',
  updated_at: '2025-04-10T14:35:00Z',
}

export const testExample = {
  ok: false,
  steps: [
    { step: 'reachability', needed_for: 'reading', ok: true, message: 'The server answers', remedy: null },
    { step: 'tls', needed_for: 'reading', ok: true, message: 'The connection is secure', remedy: null },
    { step: 'whmcs', needed_for: 'reading', ok: true, message: 'The WHMCS API answers', remedy: null },
    {
      step: 'ip_allow_list',
      needed_for: 'reading',
      ok: false,
      message: 'WHMCS refuses calls from 203.0.113.9',
      remedy: 'Add it under Configuration > System Settings > General Settings > Security > API IP Access Restriction.',
    },
  ],
}
