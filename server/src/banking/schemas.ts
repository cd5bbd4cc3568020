import { z } from 'zod'
import { isoSeconds } from '../base/clock.ts'
import { jsonAmount } from '../base/json.ts'
import { listQuery, type ListSource } from '../http/list.ts'
import type { Catalogue } from '../http/list-catalogue.ts'
import { currencySchema, idSchema, textSchema } from '../http/validate.ts'
import { ACCOUNT_COLUMNS, type AccountRow, atStripe } from '../transactions/index.ts'
import type { Institution } from './bank-feed.ts'
import { CONNECTION_COLUMNS, type ConnectionRow } from './queries.ts'
import { SYNC_COLUMNS, type SyncRow } from './sync-queries.ts'

const STATUSES = ['pending', 'active', 'expiring', 'expired', 'error', 'revoked'] as const

export const institutionSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    logo_url: z.string().nullable(),
    countries: z.array(z.string()),
    provider: z.string(),
    max_history_days: z.int(),
  })
  .meta({ id: 'Institution' })

export const presentInstitution = (institution: Institution) => ({
  id: institution.id,
  name: institution.name,
  logo_url: institution.logoUrl,
  countries: institution.countries,
  provider: institution.provider,
  max_history_days: institution.maxHistoryDays,
})

export const institutionQuery = listQuery({
  filters: {},
  sortable: { id: { sql: '', kind: 'text' }, name: { sql: '', kind: 'text' } },
  search: [],
  times: { created: '', updated: '' },
}).extend({ country: z.string().regex(/^[A-Za-z]{2}$/, 'Must be a country code of two letters such as GB') })

/** The banks of a country, in the provider's order. */
export const institutionCatalogue = (rows: readonly Institution[]): Catalogue<Institution> => ({
  name: 'institutions',
  rows,
  id: (bank) => bank.id,
  sortable: { id: (bank) => bank.id, name: (bank) => bank.name },
  texts: (bank) => [bank.name, bank.id],
})

const redirectSchema = z
  .string()
  .max(1024, 'Must have at most 1024 characters')
  .describe(
    'Where the browser comes back to, with `bank_connection_id` and `status`. https, or http on this machine; no fragment.',
  )
const historySchema = z.int().min(1).max(730).describe('How far back lines are read. 90 unless given.').optional()
const languageSchema = z
  .string()
  .regex(/^[A-Za-z]{2}$/, 'Must be a language code of two letters such as de')
  .describe('Of the pages of consent.')
  .optional()

export const initializeSchema = z.strictObject({
  institution_id: textSchema(200).min(1).describe('A bank of GET /institutions.'),
  redirect_url: redirectSchema,
  max_history_days: historySchema,
  language: languageSchema,
})

export const reconnectSchema = z.strictObject({
  redirect_url: redirectSchema,
  max_history_days: historySchema,
  language: languageSchema,
})

export const startedSchema = z
  .object({
    authorization_url: z.string(),
    authorization_id: z.string(),
    bank_connection_id: idSchema('bank'),
    expires_at: z.string(),
  })
  .meta({ id: 'StartedBankConnection' })

export const createConnectionSchema = z.strictObject({
  provider: z.enum(['file']).describe('Lines come as statement files or by the API.'),
  name: textSchema(100).min(1).describe('Shown as the name of the bank.'),
  account: z.strictObject({
    name: textSchema(100).min(1),
    currency: currencySchema,
    iban: textSchema(40).describe('Tells whether a statement is of this account.').nullable().optional(),
  }),
})

export const patchConnectionSchema = z.strictObject({
  name: textSchema(100).min(1).optional(),
  sync_enabled: z.boolean().describe('Whether the bank is read regularly.').optional(),
})

export const connectionSchema = z
  .object({
    id: idSchema('bank'),
    name: z.string(),
    provider: z.enum(['gocardless', 'file']),
    institution_id: z.string().nullable(),
    bank_name: z.string(),
    sync_enabled: z.boolean(),
    status: z.enum(STATUSES),
    consent_expires_at: z.string().nullable(),
    last_sync_at: z.string().nullable(),
    next_sync_at: z.string().nullable(),
    accounts: z.array(
      z.object({ id: idSchema('acc'), name: z.string(), currency: z.string(), iban_last4: z.string().nullable() }),
    ),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'BankConnection' })

const time = (at: Date | null): string | null => at && isoSeconds(at)

export const presentConnection = (row: ConnectionRow) => ({
  id: row.id,
  name: row.name,
  provider: row.provider,
  institution_id: row.institutionId,
  bank_name: row.bankName,
  sync_enabled: row.syncEnabled,
  status: row.status,
  consent_expires_at: time(row.consentExpiresAt),
  last_sync_at: time(row.lastSyncAt),
  next_sync_at: time(row.nextSyncAt),
  accounts: row.accounts.map((account) => ({
    id: account.id,
    name: account.name,
    currency: account.currency,
    iban_last4: account.ibanLast4,
  })),
  error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})

export const syncSchema = z
  .object({
    id: idSchema('sync'),
    bank_connection_id: idSchema('bank'),
    status: z.enum(['queued', 'running', 'done', 'failed']),
    started_at: z.string().nullable(),
    finished_at: z.string().nullable(),
    created: z.int(),
    updated: z.int(),
    error: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'BankSync' })

export const presentSync = (row: SyncRow) => ({
  id: row.id,
  bank_connection_id: row.connectionId,
  status: row.status,
  started_at: time(row.startedAt),
  finished_at: time(row.finishedAt),
  created: row.created,
  updated: row.updated,
  error: row.error,
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})

export const accountSchema = z
  .object({
    id: idSchema('acc'),
    name: z.string(),
    currency: z.string(),
    iban_last4: z.string().nullable(),
    balance: z.number().nullable(),
    balance_at: z.string().nullable(),
    bank_connection_id: idSchema('bank'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'BankAccount' })

export const presentAccount = (row: AccountRow) => ({
  id: row.id,
  name: row.name,
  currency: row.currency,
  iban_last4: row.ibanLast4,
  balance: row.balanceMinor === null ? null : jsonAmount(row.balanceMinor, row.currency),
  balance_at: time(row.balanceAt),
  bank_connection_id: row.connectionId,
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})

export const CONNECTION_LIST: ListSource = {
  select: CONNECTION_COLUMNS,
  from: 'bank_connections c',
  alias: 'c',
  search: [
    "search_words(c.name || ' ' || c.bank_name || ' ' || coalesce(c.institution_id, '') || ' ' || coalesce(c.error_message, ''))",
  ],
  filters: {
    name: { sql: 'c.name', kind: 'text' },
    bank_name: { sql: 'c.bank_name', kind: 'text' },
    status: { sql: 'c.status', kind: 'enum', values: STATUSES },
    provider: { sql: 'c.provider', kind: 'text' },
    institution_id: { sql: 'c.institution_id', kind: 'text' },
    sync_enabled: { sql: 'c.sync_enabled', kind: 'boolean' },
    consent_expires_at: { sql: 'c.consent_expires_at', kind: 'time', range: true },
    last_sync_at: { sql: 'c.last_sync_at', kind: 'time', range: true },
    next_sync_at: { sql: 'c.next_sync_at', kind: 'time', range: true },
  },
  sortable: {
    name: { sql: 'c.name', kind: 'text' },
    bank_name: { sql: 'c.bank_name', kind: 'text' },
    status: { sql: 'c.status', kind: 'text' },
    consent_expires_at: { sql: 'c.consent_expires_at', kind: 'time', nullable: true },
    last_sync_at: { sql: 'c.last_sync_at', kind: 'time', nullable: true },
    next_sync_at: { sql: 'c.next_sync_at', kind: 'time', nullable: true },
  },
}
export const connectionListQuery = listQuery(CONNECTION_LIST, { provider: z.enum(['gocardless', 'file']) })

const SYNC_FILTERS: ListSource['filters'] = {
  status: { sql: 's.status', kind: 'enum', values: ['queued', 'running', 'done', 'failed'] },
  started_at: { sql: 's.started_at', kind: 'time', range: true },
  finished_at: { sql: 's.finished_at', kind: 'time', range: true },
}
/** The connection stands in the path. */
export const SYNC_LIST: ListSource = {
  select: SYNC_COLUMNS,
  from: 'bank_syncs s',
  alias: 's',
  search: ["search_words(coalesce(s.error, ''))"],
  filters: { ...SYNC_FILTERS, bank_connection_id: { sql: 's.connection_id', kind: 'id' } },
  sortable: {
    status: { sql: 's.status', kind: 'text' },
    started_at: { sql: 's.started_at', kind: 'time', nullable: true },
    finished_at: { sql: 's.finished_at', kind: 'time', nullable: true },
  },
}
export const syncListQuery = listQuery({ ...SYNC_LIST, filters: SYNC_FILTERS })

export const ACCOUNT_LIST: ListSource = {
  select: ACCOUNT_COLUMNS,
  // Money at Stripe is no bank account: callers know it by its connection.
  from: `(select x.* from accounts x where not ${atStripe('x.identity')}) a`,
  alias: 'a',
  search: ['a.words', "search_words(coalesce(a.iban_last4, ''))"],
  filters: {
    name: { sql: 'a.name', kind: 'text' },
    currency: { sql: 'a.currency', kind: 'currency' },
    iban_last4: { sql: 'a.iban_last4', kind: 'text' },
    bank_connection_id: { sql: 'a.connection_id', kind: 'id' },
    balance: { sql: 'amount_scaled(a.balance_minor, a.currency)', kind: 'amount', range: true },
    balance_at: { sql: 'a.balance_at', kind: 'time', range: true },
  },
  sortable: {
    name: { sql: 'a.name', kind: 'text' },
    currency: { sql: 'a.currency', kind: 'text' },
    balance: { sql: 'amount_scaled(a.balance_minor, a.currency)', kind: 'amount', nullable: true },
    balance_at: { sql: 'a.balance_at', kind: 'time', nullable: true },
  },
}
export const accountListQuery = listQuery(ACCOUNT_LIST)

export const institutionExample = {
  id: 'NORTHERN_NBNKGB21',
  name: 'Northern Bank',
  logo_url: 'https://cdn.example.com/northern.png',
  countries: ['GB'],
  provider: 'gocardless',
  max_history_days: 730,
}

export const startedExample = {
  authorization_url: 'https://ob.gocardless.com/psd2/start/3fa85f64-5717-4562-b3fc-2c963f66afa6/NORTHERN_NBNKGB21',
  authorization_id: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  bank_connection_id: 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab',
  expires_at: '2025-04-10T15:30:00Z',
}

export const connectionExample = {
  id: 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab',
  name: 'Northern Bank',
  provider: 'gocardless',
  institution_id: 'NORTHERN_NBNKGB21',
  bank_name: 'Northern Bank',
  sync_enabled: true,
  status: 'active',
  consent_expires_at: '2025-10-07T14:30:00Z',
  last_sync_at: '2025-04-10T14:35:22Z',
  next_sync_at: '2025-04-10T22:41:10Z',
  accounts: [{ id: 'acc_01jrfzq4v8m2k9d7t5x3w1c0ab', name: 'Business account', currency: 'GBP', iban_last4: '5678' }],
  error: null,
  created_at: '2025-04-10T14:30:00Z',
  updated_at: '2025-04-10T14:35:22Z',
}

export const syncExample = {
  id: 'sync_01jrfzq4v8m2k9d7t5x3w1c0ab',
  bank_connection_id: 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab',
  status: 'done',
  started_at: '2025-04-10T14:35:02Z',
  finished_at: '2025-04-10T14:35:22Z',
  created: 182,
  updated: 0,
  error: null,
  created_at: '2025-04-10T14:35:00Z',
  updated_at: '2025-04-10T14:35:22Z',
}

export const accountExample = {
  id: 'acc_01jrfzq4v8m2k9d7t5x3w1c0ab',
  name: 'Business account',
  currency: 'GBP',
  iban_last4: '5678',
  balance: 10886.04,
  balance_at: '2025-04-10T14:35:22Z',
  bank_connection_id: 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab',
  created_at: '2025-04-10T14:30:00Z',
  updated_at: '2025-04-10T14:35:22Z',
}
