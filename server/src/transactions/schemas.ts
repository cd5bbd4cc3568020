import { z } from 'zod'
import { isoSeconds } from '../base/clock.ts'
import { type Id, idOf, idOrNull, isId, uuidOf } from '../base/ids.ts'
import { jsonAmount } from '../base/json.ts'
import { listQuery, type ListSource } from '../http/list.ts'
import { currencySchema, daySchema, idSchema, paidAmountSchema, textSchema, withDecimalsOf } from '../http/validate.ts'
import { atStripe } from './accounts.ts'
import {
  LISTED_COLUMNS,
  LISTED_WITH_CLIENT,
  type ListedTransaction,
  TRANSACTION_FROM,
  type TransactionRow,
} from './queries.ts'

export const postTransactionSchema = withDecimalsOf(
  z.strictObject({
    account_id: z
      .string()
      .refine((text) => isId('acc', text) || isId('strc', text), 'Must be an id that begins with acc_')
      .meta({ examples: ['acc_01jrfzq4v8m2k9d7t5x3w1c0ab'] })
      .describe('An account of GET /bank-accounts.'),
    amount: paidAmountSchema,
    currency: currencySchema.describe('The currency of the account.'),
    transaction_date: daySchema.describe('The day the bank booked it.'),
    transaction_id: textSchema(255)
      .min(1)
      .describe('Your own id of the line. The account takes each once, the second time is 409.')
      .optional(),
    direction: z
      .enum(['credit', 'debit'])
      .describe('`credit` (default): money in; `debit`: money out, which pays no invoice.')
      .optional(),
    description: textSchema(4000).describe('All text the payer wrote.').optional(),
    reference: textSchema(1000).describe('The reference, where the bank gives one apart from the text.').optional(),
    value_date: daySchema.nullable().optional(),
    counterparty: z
      .strictObject({
        name: textSchema(300).optional(),
        iban: textSchema(40)
          .describe('Kept to tell payers again; only its last four characters are shown.')
          .nullable()
          .optional(),
      })
      .describe('Who paid, or was paid.')
      .optional(),
  }),
)

/** Documented as what a line should be, taken as whatever it is: each line is judged for itself. */
const batchLine = z.unknown().meta(z.toJSONSchema(postTransactionSchema, { io: 'input', unrepresentable: 'any' }))

export const batchSchema = z.strictObject({
  transactions: z
    .array(batchLine)
    .min(1, 'Must hold at least one transaction')
    .max(1000, 'Must hold at most 1000 transactions'),
})

export const batchResultSchema = z
  .object({
    results: z.array(
      z.object({
        index: z.int(),
        status: z.enum(['created', 'duplicate', 'invalid']),
        id: z.string().nullable(),
        error: z
          .object({
            code: z.string(),
            message: z.string(),
            details: z.array(z.object({ field: z.string(), issue: z.string() })),
          })
          .nullable(),
      }),
    ),
  })
  .meta({ id: 'TransactionBatchResult' })

export const patchTransactionSchema = z.strictObject({
  status: z
    .enum(['ignored', 'processed'])
    .describe('`ignored`: nothing to match, left alone until it is `processed` again.')
    .optional(),
  note: textSchema(2000).describe('For your own people.').nullable().optional(),
})

export const transactionSchema = z
  .object({
    id: idSchema('txn'),
    transaction_id: z.string().nullable().describe('The id the bank or the caller gave.'),
    bank_id: z.string().describe('The bank connection; for money of Stripe the Stripe connection (`strc_…`).'),
    bank_name: z.string(),
    account_id: z
      .string()
      .meta({ examples: ['acc_01jrfzq4v8m2k9d7t5x3w1c0ab'] })
      .describe('The bank account; for money of Stripe the Stripe connection again.'),
    account_name: z.string(),
    amount: z.number(),
    currency: z.string(),
    direction: z.enum(['credit', 'debit']),
    description: z.string(),
    reference: z.string(),
    transaction_date: z.string(),
    value_date: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
    status: z.enum(['pending', 'processed', 'ignored']),
    match_status: z.enum(['unmatched', 'suggested', 'matched', 'applied', 'transfer']),
    source: z.enum(['bank', 'file', 'stripe', 'api']),
    counterparty: z.object({ name: z.string(), iban_last4: z.string().nullable() }),
    note: z.string().nullable(),
    client_id: idSchema('cli')
      .nullable()
      .optional()
      .describe(
        'Only with `expand=client`: whose invoice it pays, of the match that decided it, else of the best suggestion; null for none.',
      ),
    provider_data: z
      .unknown()
      .optional()
      .describe('Only with `expand=provider_data`: what the bank sent for this line.'),
  })
  .meta({ id: 'Transaction' })

/** At Stripe callers know account and bank by the id of the connection. */
const atConnection = (row: TransactionRow): string => idOf('strc', uuidOf(row.bankId))

/** The only way a line leaves: of the payer's account number the last four characters. */
export const presentTransaction = (row: TransactionRow) => ({
  id: row.id,
  transaction_id: row.externalId,
  bank_id: row.source === 'stripe' ? atConnection(row) : row.bankId,
  bank_name: row.bankName,
  account_id: row.source === 'stripe' ? atConnection(row) : row.accountId,
  account_name: row.accountName,
  amount: jsonAmount(row.amountMinor, row.currency),
  currency: row.currency,
  direction: row.direction,
  description: row.description,
  reference: row.reference,
  transaction_date: isoSeconds(row.bookedAt),
  value_date: row.valueOn && `${row.valueOn}T00:00:00Z`,
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
  status: row.status,
  match_status: row.matchStatus,
  source: row.source,
  counterparty: { name: row.counterpartyName, iban_last4: row.counterpartyIban?.slice(-4) ?? null },
  note: row.note,
})

/** The same from a row as lists read it: a page of a hundred makes no other objects on its way out. */
export const presentListed = (
  row: ListedTransaction,
): ReturnType<typeof presentTransaction> & { client_id?: Id<'cli'> | null } => ({
  id: idOf('txn', row.id),
  transaction_id: row.external_id,
  bank_id: idOf(row.source === 'stripe' ? 'strc' : 'bank', row.connection_id),
  bank_name: row.bank_name,
  account_id: row.source === 'stripe' ? idOf('strc', row.connection_id) : idOf('acc', row.account_id),
  account_name: row.account_name,
  amount: jsonAmount(BigInt(row.amount_minor), row.currency),
  currency: row.currency,
  direction: row.direction,
  description: row.description,
  reference: row.reference,
  transaction_date: secondsOf(row.booked_at),
  value_date: row.value_on && `${row.value_on}T00:00:00Z`,
  created_at: secondsOf(row.created_at),
  updated_at: secondsOf(row.updated_at),
  status: row.status,
  match_status: row.match_status,
  source: row.source,
  counterparty: { name: row.counterparty_name, iban_last4: row.counterparty_iban?.slice(-4) ?? null },
  note: row.note,
  ...(row.client_id === undefined ? {} : { client_id: idOrNull('cli', row.client_id) }),
})

/** `2025-04-10 14:30:00.123+00`, as PostgreSQL writes times of UTC, without the parts of the second. */
const secondsOf = (text: string): string => `${text.slice(0, 10)}T${text.slice(11, 19)}Z`

/** Accounts are few: they are looked up once, and the lines found by theirs. */
const ofAccountsWhere = (condition: (placeholder: string) => string) => (placeholder: string) =>
  `t.account_id = any(array(select x.id from accounts x where x.tenant_id = $1 and ${condition(placeholder)}))`
const ofAccounts = (column: string) => ofAccountsWhere((placeholder) => `x.${column} = ${placeholder}`)
const moneyAtStripe = ofAccountsWhere((id) => `x.connection_id = ${id} and ${atStripe('x.identity')}`)

export const TRANSACTION_LIST: ListSource = {
  select: LISTED_COLUMNS,
  from: TRANSACTION_FROM,
  keys: 'transactions t',
  alias: 't',
  lasting: true,
  search: ['t.words', 'a.words'],
  filters: {
    status: { sql: 't.status', kind: 'enum', values: ['pending', 'processed', 'ignored'] },
    match_status: {
      sql: 't.match_status',
      kind: 'enum',
      values: ['unmatched', 'suggested', 'matched', 'applied', 'transfer'],
    },
    direction: { sql: 't.direction', kind: 'enum', values: ['credit', 'debit'] },
    source: { sql: 't.source', kind: 'enum', values: ['bank', 'file', 'stripe', 'api'] },
    currency: { sql: 't.currency', kind: 'currency' },
    amount: { sql: 't.amount_scaled', kind: 'amount', range: true },
    account_id: {
      sql: '',
      kind: 'id',
      // A bank account keeps to the index that has its lines in order; at Stripe there is one for each currency of the connection.
      where: (id, given) => (isId('strc', given) ? moneyAtStripe(id) : `t.account_id = ${id}`),
    },
    bank_id: { sql: '', kind: 'id', where: ofAccounts('connection_id') },
    bank_name: { sql: '', kind: 'text', where: ofAccounts('bank_name') },
    account_name: { sql: '', kind: 'text', where: ofAccounts('name') },
    client_id: {
      sql: '',
      kind: 'id',
      prefix: 'cli',
      // From the invoices of the client to the lines that pay them, or may.
      where: (id) =>
        `t.id = any(array(select m.transaction_id from invoices i
           join match_allocations l on l.tenant_id = i.tenant_id and l.invoice_id = i.id
           join matches m on m.tenant_id = l.tenant_id and m.id = l.match_id
            and m.status in ('suggested', 'approved', 'applied', 'failed')
          where i.tenant_id = $1 and i.client_id = ${id}))`,
    },
    transaction_id: { sql: 't.external_id', kind: 'text' },
    reference: { sql: 't.reference', kind: 'text' },
    counterparty_name: { sql: 't.counterparty_name', kind: 'text' },
    transaction_date: { sql: 't.booked_at', kind: 'time', range: true },
    value_date: { sql: 't.value_on', kind: 'day', range: true },
  },
  sortable: {
    transaction_date: { sql: 't.booked_at', kind: 'time' },
    value_date: { sql: 't.value_on', kind: 'day', nullable: true },
    amount: { sql: 't.amount_scaled', kind: 'amount' },
  },
}

/** An export has the fields of the resource, in its order. */
export const TRANSACTION_CSV = {
  file: 'transactions',
  columns: `id transaction_id bank_id bank_name account_id account_name amount currency direction description reference
    transaction_date value_date created_at updated_at status match_status source counterparty.name counterparty.iban_last4
    note`.split(/\s+/),
}

/** The same list, of rows that say whose invoice they pay. */
export const TRANSACTIONS_WITH_CLIENT: ListSource = { ...TRANSACTION_LIST, select: LISTED_WITH_CLIENT }

export const transactionListQuery = listQuery(TRANSACTION_LIST).extend({
  expand: z.enum(['client']).optional().describe('`client`: whose invoice each line pays, as `client_id`.'),
})

export const transactionExample = {
  id: 'txn_01jrfzq4v8m2k9d7t5x3w1c0ab',
  transaction_id: '2025041000417',
  bank_id: 'bank_01jrfzq4v8m2k9d7t5x3w1c0ab',
  bank_name: 'Northern Bank',
  account_id: 'acc_01jrfzq4v8m2k9d7t5x3w1c0ab',
  account_name: 'Business account',
  amount: 1250.0,
  currency: 'GBP',
  direction: 'credit',
  description: 'Invoice payment INV-2025-001',
  reference: 'INV-2025-001',
  transaction_date: '2025-04-10T14:30:00Z',
  value_date: '2025-04-10T00:00:00Z',
  created_at: '2025-04-10T14:35:22Z',
  updated_at: '2025-04-10T14:35:22Z',
  status: 'processed',
  match_status: 'unmatched',
  source: 'api',
  counterparty: { name: 'Marlow Hosting Co', iban_last4: '5678' },
  note: null,
}
