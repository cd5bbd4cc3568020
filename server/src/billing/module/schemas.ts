import { z } from 'zod'

/** Shapes of what modules send. A newer module may say more than we know: fields beyond these are left alone. */

/** Texts of a foreign program: too long ones are cut, never refused. */
const cut = (max: number) => z.string().transform((text) => text.slice(0, max).toWellFormed())
/** An id of WHMCS; a program that counts them as numbers is understood. */
export const idSchema = z
  .union([z.string().regex(/^\d{1,15}$/, 'Must be an id of WHMCS'), z.int().nonnegative()])
  .transform(String)
const nullableText = (max: number) =>
  cut(max)
    .nullish()
    .transform((text) => text ?? '')
const rowsSchema = z.array(z.record(z.string(), z.unknown()))

export const pairSchema = z.object({
  code: z.string().max(2_000),
  nonce: z.string().regex(/^[0-9a-f]{64}$/, 'Must be 32 bytes in lower-case hex'),
  system_url: z.string().max(500),
  whmcs_version: nullableText(40),
  php_version: nullableText(40),
  module_version: nullableText(40),
})

const callFields = {
  call: z.string(),
  request_id: z.string().regex(/^[0-9a-f]{32}$/, 'Must be 16 bytes in lower-case hex'),
  module_version: nullableText(40),
}

export const stateSchema = z.object({
  ...callFields,
  system_url: z.string().max(500),
  whmcs_version: nullableText(40),
  php_version: nullableText(40),
  cron_last_at: z.union([z.string().max(40), z.number()]).nullish(),
  payment_methods: z
    .array(z.object({ name: cut(64), title: nullableText(100) }))
    .max(100)
    .default([]),
})

export const pushSchema = z.object({
  ...callFields,
  clients: rowsSchema.max(500).default([]),
  invoices: rowsSchema.max(200).default([]),
  gone: z.array(idSchema).max(500).default([]),
  full: z.object({ step: z.enum(['begin', 'page', 'end']), id: z.string().regex(/^[0-9a-zA-Z_-]{8,64}$/) }).nullish(),
})

export const workSchema = z.object({ ...callFields, limit: z.int().min(1).max(50).default(50) })

const resultSchema = z.object({
  payment_id: z.string().max(64),
  fence: z.union([z.string().regex(/^\d{1,18}$/), z.int().nonnegative()]).transform(String),
  outcome: z.enum(['applied', 'refused', 'conflict', 'unknown']),
  code: nullableText(64),
  words: nullableText(500),
  transactions: rowsSchema
    .max(200)
    .nullish()
    .transform((rows) => rows ?? []),
  invoice: z.record(z.string(), z.unknown()).nullish(),
  left: z.array(cut(500)).max(20).nullish(),
})
export const resultsSchema = z.object({ ...callFields, results: z.array(resultSchema).max(50) })

export type PairBody = z.output<typeof pairSchema>
export type StateBody = z.output<typeof stateSchema>
export type PushBody = z.output<typeof pushSchema>
export type WorkBody = z.output<typeof workSchema>
export type ResultsBody = z.output<typeof resultsSchema>
export type ModuleResult = ResultsBody['results'][number]

/** A hint names what changed; the truth comes in a push. */
export const hintSchema = z.object({
  event_id: z.string().min(1).max(100),
  event: z.string().min(1).max(60),
  // PHP writes an empty object as a list.
  data: z.preprocess(
    (data) => (Array.isArray(data) ? {} : (data ?? {})),
    z.object({ invoice_id: idSchema.nullish(), client_id: idSchema.nullish() }),
  ),
})
export type HintBody = z.output<typeof hintSchema>

/** Rows of a push, one at a time: a row that makes no sense is refused alone. */
const day = z.string().max(40).nullish()
const decimal = z.string().max(24)
export const clientRowSchema = z.object({
  id: idSchema,
  first_name: nullableText(200),
  last_name: nullableText(200),
  company: nullableText(250),
  email: nullableText(320),
})
export const paymentRowSchema = z.object({
  id: idSchema,
  transid: nullableText(255),
  invoice_id: idSchema.nullish(),
  amount_in: decimal.nullish(),
  amount_out: decimal.nullish(),
  date: day,
  gateway: nullableText(100),
})
export const invoiceRowSchema = z.object({
  id: idSchema,
  number: nullableText(100),
  client_id: idSchema,
  status: z.string().max(40),
  date: day,
  due_date: day,
  date_paid: day,
  total: decimal,
  balance: decimal,
  currency: z.string().max(10),
  items: z
    .array(
      z.object({ type: nullableText(60), rel_id: idSchema.nullish(), description: nullableText(500), amount: decimal }),
    )
    .max(1_000),
  payments: z.array(paymentRowSchema).max(1_000),
  updated_at: day,
})
