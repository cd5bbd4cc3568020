import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { listQuery, type ListSource } from '../../http/list.ts'
import { idSchema, textSchema } from '../../http/validate.ts'
import { proofsOf } from './proofs.ts'
import { INSTANCE_COLUMNS, type InstanceRow } from './queries.ts'

const identifierSchema = textSchema(255).min(1)
const secretSchema = textSchema(500).min(1)
const methodSchema = z
  .string()
  .regex(/^[a-z0-9_]{1,64}$/i, 'Must be the system name of a payment method, such as banktransfer')

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
})

export const patchInstanceSchema = z.strictObject({
  system_url: textSchema(500).describe('Another address asks for another proof.').optional(),
  mode: z.enum(['api', 'module']).nullable().optional(),
  api_identifier: identifierSchema.nullable().optional(),
  api_secret: secretSchema.nullable().optional(),
  access_key: secretSchema.nullable().optional(),
  payment_method: methodSchema.nullable().optional(),
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
    status: z.enum(['pending', 'active', 'error', 'disconnected']),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    verified_at: z.string().nullable(),
    verified_by: z.enum(['module', 'file', 'dns']).nullable(),
    proof_checked_at: z.string().nullable().describe('When the proof was last looked at: once a day, the way it was given.'),
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

const timeOrNull = (at: Date | null): string | null => at && isoSeconds(at)

/** The only way an installation leaves: without any secret. */
export const presentInstance = (row: InstanceRow) => ({
  id: row.id,
  system_url: row.systemUrl,
  mode: row.mode,
  api_identifier: row.apiIdentifier,
  payment_method: row.paymentMethod,
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
    ok: z.boolean(),
    steps: z.array(z.object({ step: z.string(), ok: z.boolean(), message: z.string(), remedy: z.string().nullable() })),
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
    { step: 'reachability', ok: true, message: 'The server answers', remedy: null },
    { step: 'tls', ok: true, message: 'The connection is secure', remedy: null },
    { step: 'whmcs', ok: true, message: 'The WHMCS API answers', remedy: null },
    {
      step: 'ip_allow_list',
      ok: false,
      message: 'WHMCS refuses calls from 203.0.113.9',
      remedy: 'Add it under Configuration > System Settings > General Settings > Security > API IP Access Restriction.',
    },
  ],
}
