import { z } from 'zod'
import { isoSeconds } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { jsonAmount } from '../base/json.ts'
import { check, idSchema } from '../http/validate.ts'
import type { CsvMapping } from '../statements/index.ts'
import type { ImportRow } from './import-queries.ts'

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

export const importSchema = z
  .object({
    id: idSchema('imp'),
    bank_connection_id: idSchema('bank'),
    format: z.enum(['camt.053', 'camt.052', 'camt.054', 'mt940', 'ofx', 'csv']),
    accounts: z.int(),
    entries: z.int().describe('Booked entries read from the file.'),
    created: z.int(),
    duplicates: z.int().describe('Entries whose money was known already.'),
    mapping: mappingSchema.nullable().describe('CSV only: how the columns were read.'),
    rejected: z.array(z.object({ line: z.int(), reason: z.string() })),
    balance_check: z.enum(['ok', 'gap', 'overlap', 'unknown']),
    balance_difference: z.number().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'StatementImport' })

export const presentImport = (row: ImportRow) => ({
  id: row.id,
  bank_connection_id: row.connectionId,
  format: row.format,
  accounts: row.accounts,
  entries: row.entries,
  created: row.created,
  duplicates: row.duplicates,
  mapping: row.mapping,
  rejected: row.rejected,
  balance_check: row.balanceCheck,
  balance_difference:
    row.balanceDifference && jsonAmount(row.balanceDifference.amountMinor, row.balanceDifference.currency),
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})

export const importExample = {
  id: 'imp_01jrfzq4v8m2k9d7t5x3w1c0ab',
  bank_connection_id: 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab',
  format: 'csv',
  accounts: 1,
  entries: 3,
  created: 3,
  duplicates: 0,
  mapping: { date: 'Date', amount: 'Amount', description: 'Description', date_format: 'YYYY-MM-DD', decimal: '.' },
  rejected: [{ line: 5, reason: '"n/a" is not an amount in GBP.' }],
  balance_check: 'unknown',
  balance_difference: null,
  created_at: '2025-04-10T14:35:22Z',
  updated_at: '2025-04-10T14:35:22Z',
}
