import { z } from 'zod'
import { isoSeconds } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { jsonAmount } from '../base/json.ts'
import { listQuery, type ListSource } from '../http/list.ts'
import { check, idSchema } from '../http/validate.ts'
import type { CsvMapping } from '../statements/index.ts'
import { IMPORT_COLUMNS, type ImportRow } from './import-queries.ts'

const column = z.string().min(1).max(200)

/** Which column of a CSV file holds what, by its header. */
export const mappingSchema = z
  .strictObject({
    date: column,
    amount: column.optional(),
    credit: column.optional(),
    debit: column.optional(),
    description: column.optional(),
    reference: column.optional(),
    counterparty_name: column.optional(),
    counterparty_iban: column.optional(),
    currency: column.optional(),
    date_format: z.string().min(1).max(40).optional(),
    decimal: z.enum(['.', ',']).optional(),
    delimiter: z.string().min(1).max(1).optional(),
  })
  .refine((mapping) => mapping.amount !== undefined || (mapping.credit !== undefined && mapping.debit !== undefined), {
    message: 'Must name the column "amount", or both "credit" and "debit"',
  })
  .meta({ id: 'CsvMapping' })

export const importQuery = z.strictObject({
  mapping: z
    .string()
    .max(4_000)
    .optional()
    .describe('JSON that names the columns of a CSV file; may also stand in the form'),
  async: z
    .enum(['true', 'false'])
    .optional()
    .describe('`true`: answers 202 at once and reads the file afterwards; GET /imports/{id} shows how far it is.'),
})

/** The mapping as the form or the query gives it. Throws `invalid_request` that names each bad field. */
export function readMapping(text: string | undefined): CsvMapping | undefined {
  if (text === undefined || text.trim() === '') return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw badMapping([{ field: 'mapping', issue: 'Must be JSON such as {"date":"Date","amount":"Amount"}' }], cause)
  }
  try {
    return withoutHoles(check(mappingSchema, value) as z.output<typeof mappingSchema>)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw badMapping(
      error.details.map(({ field, issue }) => ({ field: field === '' ? 'mapping' : `mapping.${field}`, issue })),
    )
  }
}

const withoutHoles = (mapping: z.output<typeof mappingSchema>): CsvMapping =>
  Object.fromEntries(Object.entries(mapping).filter(([, value]) => value !== undefined)) as unknown as CsvMapping

const badMapping = (details: { field: string; issue: string }[], cause?: unknown): AppError =>
  new AppError('invalid_request', 'The request contains invalid parameters', {
    details,
    ...(cause === undefined ? {} : { cause }),
  })

const IMPORT_STATUSES = ['queued', 'running', 'done', 'failed'] as const

export const importSchema = z
  .object({
    id: idSchema('imp'),
    bank_connection_id: idSchema('bank'),
    status: z
      .enum(IMPORT_STATUSES)
      .describe('`done` at once, unless it was sent with `async=true`: then `queued` and `running` come before.'),
    format: z
      .enum(['camt.053', 'camt.052', 'camt.054', 'mt940', 'ofx', 'csv', 'unknown'])
      .describe('`unknown` until the file was read.'),
    accounts: z.int(),
    entries: z.int().describe('Booked entries read from the file.'),
    recorded: z.int().describe('Entries taken in so far: as many as `entries` when it is done.'),
    created: z.int(),
    duplicates: z.int().describe('Entries whose money was known already.'),
    mapping: mappingSchema.nullable().describe('CSV only: how the columns were read.'),
    rejected: z.array(z.object({ line: z.int(), reason: z.string() })),
    balance_check: z.enum(['ok', 'gap', 'overlap', 'unknown']),
    balance_difference: z.number().nullable(),
    error: z.string().nullable().describe('Why it failed, and what to do, in words.'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'StatementImport' })

export const presentImport = (row: ImportRow) => ({
  id: row.id,
  bank_connection_id: row.connectionId,
  status: row.status,
  format: row.format,
  accounts: row.accounts,
  entries: row.entries,
  recorded: row.recorded,
  created: row.created,
  duplicates: row.duplicates,
  mapping: row.mapping,
  rejected: row.rejected,
  balance_check: row.balanceCheck,
  balance_difference:
    row.balanceDifference && jsonAmount(row.balanceDifference.amountMinor, row.balanceDifference.currency),
  error: row.error,
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})

/** The connection stands in the path. */
export const IMPORT_LIST: ListSource = {
  select: IMPORT_COLUMNS,
  from: 'imports p',
  alias: 'p',
  search: ["search_words(p.format || ' ' || coalesce(p.error, ''))"],
  filters: {
    status: { sql: 'p.status', kind: 'enum', values: IMPORT_STATUSES },
    format: { sql: 'p.format', kind: 'text' },
    balance_check: { sql: 'p.balance_check', kind: 'enum', values: ['ok', 'gap', 'overlap', 'unknown'] },
  },
  sortable: { status: { sql: 'p.status', kind: 'text' }, format: { sql: 'p.format', kind: 'text' } },
}

export const importListQuery = listQuery(IMPORT_LIST)

/** Sent with `async=true`, at the moment of the answer. */
export const queuedImportExample = {
  id: 'imp_01jrfzq4v8m2k9d7t5x3w1c0ab',
  bank_connection_id: 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab',
  status: 'queued',
  format: 'unknown',
  accounts: 0,
  entries: 0,
  recorded: 0,
  created: 0,
  duplicates: 0,
  mapping: null,
  rejected: [],
  balance_check: 'unknown',
  balance_difference: null,
  error: null,
  created_at: '2025-04-10T14:35:22Z',
  updated_at: '2025-04-10T14:35:22Z',
}

export const importExample = {
  id: 'imp_01jrfzq4v8m2k9d7t5x3w1c0ab',
  bank_connection_id: 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab',
  status: 'done',
  format: 'csv',
  accounts: 1,
  entries: 3,
  recorded: 3,
  created: 3,
  duplicates: 0,
  mapping: { date: 'Date', amount: 'Amount', description: 'Description', date_format: 'YYYY-MM-DD', decimal: '.' },
  rejected: [{ line: 5, reason: '"n/a" is not an amount in GBP.' }],
  balance_check: 'unknown',
  balance_difference: null,
  error: null,
  created_at: '2025-04-10T14:35:22Z',
  updated_at: '2025-04-10T14:35:22Z',
}
