import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { jsonAmount } from '../../base/json.ts'
import { listQuery, type ListSource } from '../../http/list.ts'
import { textSchema } from '../../http/validate.ts'
import type { ClientMoney } from './client-queries.ts'
import type { PayerRow } from './payer-queries.ts'
import { CLIENT_COLUMNS, type ListedClientRow } from './queries.ts'
import { clientExample, clientFields, presentClientPart } from './schemas.ts'

const payerFields = {
  n: z
    .int()
    .describe(
      'Its number, for good: PATCH /clients/{id}/payers/{n} corrects it, DELETE /clients/{id}/payers/{n} has matching forget it.',
    ),
  name: z.string().describe('Empty where a person named the account alone.'),
  iban_last4: z.string().nullable(),
  payments: z.int().describe('How many payments of theirs people gave to the client.'),
  last_paid_on: z.string().nullable().describe('Null where no payment counts: a person named the payer.'),
  taught: z
    .enum(['pays', 'never'])
    .nullable()
    .describe('What a person said: it pays for this client, or never does. Null: it is known from decisions alone.'),
}

/** One payer of a client. */
export const payerSchema = z.object(payerFields).meta({ id: 'ClientPayer' })

const listedFields = {
  ...clientFields,
  payers: z
    .array(payerSchema)
    .describe(
      'Who has paid for this client before, as people decided, and who pays for it or never does, as people said: what matching remembers. The latest first, at most 20.',
    ),
  created_at: z.string(),
  updated_at: z.string(),
}

/** Both as text: what is no id or number is not found, like any other unknown one. */
export const payerPath = z.object({ id: z.string(), n: z.string() })

const payerName = textSchema(300)
  .trim()
  .refine((text) => text === '' || /[\p{L}\p{N}]/u.test(text), 'Must hold a letter or a digit')
  .describe('As the bank writes it; its capitals, marks and legal form make no difference.')
const payerIban = textSchema(42).nullable().describe('Its account. The answer shows the last four characters.')

export const teachPayerSchema = z.strictObject({ name: payerName.optional(), iban: payerIban.optional() })

export const correctPayerSchema = z.strictObject({
  name: payerName.optional(),
  iban: payerIban.optional(),
  pays: z
    .boolean()
    .describe('Whether it pays for this client. `false`: it never does, and counts as refused.')
    .optional(),
})

/** A client in a list. */
export const clientSchema = z.object(listedFields).meta({ id: 'Client' })

const moneySchema = z
  .object({
    currency: z.string(),
    invoices: z.int().describe('Bills; drafts, cancelled and refunded invoices are none.'),
    billed_amount: z.number(),
    open_invoices: z.int(),
    open_amount: z.number().describe('What is still to be paid.'),
    paid_amount: z.number().describe('What of the bills is settled, by whatever means.'),
  })
  .meta({ id: 'ClientMoney' })

export const clientDetailsSchema = z
  .object({
    ...listedFields,
    whmcs_instance_id: z
      .string()
      .nullable()
      .describe('The installation that knows the client; null for one that came by API.'),
    money: z.array(moneySchema).describe('By currency; empty for a client without a bill.'),
  })
  .meta({ id: 'ClientDetails' })

export const presentPayer = ({ n, name, iban, payments, lastPaidOn, says }: PayerRow) => ({
  n,
  name,
  iban_last4: iban?.slice(-4) ?? null,
  payments,
  last_paid_on: lastPaidOn,
  taught: says,
})

/** A client as lists show it. */
export const presentClient = (row: ListedClientRow, payers: readonly PayerRow[]) => ({
  ...presentClientPart(row),
  payers: payers.map(presentPayer),
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})

export const presentClientDetails = (
  row: ListedClientRow,
  payers: readonly PayerRow[],
  money: readonly ClientMoney[],
) => ({
  ...presentClient(row, payers),
  whmcs_instance_id: row.instanceId,
  money: money.map(({ currency, invoices, openInvoices, ...minor }) => ({
    currency,
    invoices,
    billed_amount: jsonAmount(minor.billedMinor, currency),
    open_invoices: openInvoices,
    open_amount: jsonAmount(minor.openMinor, currency),
    paid_amount: jsonAmount(minor.paidMinor, currency),
  })),
})

export const CLIENT_LIST: ListSource = {
  select: CLIENT_COLUMNS,
  from: 'clients c',
  alias: 'c',
  lasting: true,
  search: ['c.words'],
  filters: {
    external_id: { sql: 'c.external_id', kind: 'text' },
    name: { sql: 'c.name', kind: 'text' },
    company: { sql: 'c.company', kind: 'text' },
    email: { sql: 'c.email', kind: 'text' },
    whmcs_instance_id: { sql: 'c.instance_id', kind: 'id', prefix: 'whm' },
  },
  sortable: {
    name: { sql: 'c.name', kind: 'text' },
    company: { sql: 'c.company', kind: 'text' },
    email: { sql: 'c.email', kind: 'text' },
    external_id: { sql: 'c.external_id', kind: 'text' },
  },
}
export const clientListQuery = listQuery(CLIENT_LIST)

export const payerExample = {
  n: 1,
  name: 'MARLOW HOSTING CO',
  iban_last4: '5678',
  payments: 3,
  last_paid_on: '2025-04-01',
  taught: null,
}

export const listedClientExample = {
  ...clientExample,
  payers: [payerExample],
  created_at: '2025-04-01T06:00:10Z',
  updated_at: '2025-04-01T06:00:10Z',
}

export const clientDetailsExample = {
  ...listedClientExample,
  whmcs_instance_id: 'whm_01jrfzq4v8m2k9d7t5x3w1c0ab',
  money: [
    {
      currency: 'GBP',
      invoices: 14,
      billed_amount: 17500.0,
      open_invoices: 1,
      open_amount: 1250.0,
      paid_amount: 16250.0,
    },
  ],
}
