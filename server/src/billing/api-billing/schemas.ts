import { z } from 'zod'
import { AppError, type FaultyField } from '../../base/errors.ts'
import {
  amountAboveZero,
  amountSchema,
  currencySchema,
  isRealDay,
  paidAmountSchema,
  textSchema,
} from '../../http/validate.ts'
import { INVOICE_STATUSES } from '../invoices/schemas.ts'

const nameSchema = (max: number) => textSchema(max).refine((text) => text.trim() !== '', 'Must not be empty')

const dateSchema = z
  .string()
  .refine((text) => /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) && isRealDay(text), 'Must be a date such as 2025-04-10')
  .meta({ examples: ['2025-04-10'] })

const itemsSchema = z
  .array(z.strictObject({ description: textSchema(1000), amount: amountSchema }))
  .max(500)
  .describe(
    'What is billed; discounts have an amount below zero. The sum need not be the total: taxes may come on top.',
  )

const clientFields = {
  external_id: nameSchema(200).nullable().describe('Your own id of the client, by which it is known again.').optional(),
  company: textSchema(300).nullable().optional(),
  email: textSchema(320).nullable().optional(),
}

export const postInvoiceSchema = z.strictObject({
  number: nameSchema(100).describe('As clients quote it.'),
  external_id: nameSchema(200).nullable().describe('Your own id of the invoice; the number unless given.').optional(),
  status: z.enum(['draft', 'unpaid']).describe('`unpaid` unless given; drafts are paid by nothing.').optional(),
  total: paidAmountSchema,
  balance: paidAmountSchema.describe('What is still open; the total unless given.').nullable().optional(),
  currency: currencySchema,
  issued_on: dateSchema.nullable().optional(),
  due_on: dateSchema.nullable().optional(),
  client: z
    .strictObject({ name: nameSchema(300), ...clientFields })
    .describe('Known again by `external_id`, else by `email`, else by its names; what is given is kept.'),
  items: itemsSchema.nullable().optional(),
})
export type PostInvoice = z.infer<typeof postInvoiceSchema>

export const patchInvoiceSchema = z.strictObject({
  number: nameSchema(100).optional(),
  external_id: nameSchema(200).nullable().optional(),
  status: z
    .enum(INVOICE_STATUSES)
    .nullable()
    .describe('`paid` closes it, with nothing open; a paid one opens again by `unpaid` with a `balance`.')
    .optional(),
  total: paidAmountSchema.describe('Moves the balance by as much, unless that is given too.').optional(),
  balance: amountSchema
    .refine((text) => !text.startsWith('-'), 'Must be zero or more')
    .nullable()
    .describe('At zero the invoice is paid. Together with what Payymo has applied it is at most the total.')
    .optional(),
  currency: currencySchema.describe('Only as it is: an invoice keeps its currency.').optional(),
  issued_on: dateSchema.nullable().optional(),
  due_on: dateSchema.nullable().optional(),
  client: z.strictObject({ name: nameSchema(300).optional(), ...clientFields }).optional(),
  items: itemsSchema.nullable().optional(),
})
export type PatchInvoice = z.infer<typeof patchInvoiceSchema>

export const postInvoiceExample = {
  number: 'R-2025-017',
  external_id: '88f1',
  total: 1250.0,
  currency: 'GBP',
  issued_on: '2025-04-01',
  due_on: '2025-04-15',
  client: { external_id: 'c-37', name: 'Ann Marlow', company: 'Marlow Hosting Co', email: 'ann@marlow.example' },
  items: [{ description: 'Dedicated server, April', amount: 1250.0 }],
}

/** Minor units of all amounts of a request, zero and below allowed, by field. Throws `invalid_request`, or `validation_failed` where
 *  they are only too large, that names every bad one. */
export function readAmounts(texts: ReadonlyMap<string, string>, currency: string): Map<string, bigint> {
  const read = new Map<string, bigint>()
  const faults: Record<string, FaultyField[]> = {}
  const words: Record<string, string> = {}
  for (const [field, text] of texts) {
    try {
      read.set(field, readOne(text, currency, field))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      faults[error.code] = [...(faults[error.code] ?? []), ...(error.details ?? [])]
      words[error.code] = error.message
    }
  }
  for (const code of ['invalid_request', 'validation_failed'] as const) {
    if (faults[code]) throw new AppError(code, words[code]!, { details: faults[code] })
  }
  return read
}

function readOne(text: string, currency: string, field: string): bigint {
  if (!/[1-9]/.test(text.split(/[eE]/)[0]!)) return 0n
  const minor = amountAboveZero(text.replace(/^[+-]/, ''), currency, field)
  return text.startsWith('-') ? -minor : minor
}
