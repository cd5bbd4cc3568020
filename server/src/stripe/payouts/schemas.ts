import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import type { Id } from '../../base/ids.ts'
import { jsonAmount } from '../../base/json.ts'
import type { CsvColumns } from '../../http/csv.ts'
import { listQuery, type ListSource } from '../../http/list.ts'
import { idSchema } from '../../http/validate.ts'
import { ITEM_COLUMNS, ITEM_FROM, type ItemRow } from './item-queries.ts'
import { isComplete, PAYOUT_COLUMNS, type PayoutRow } from './queries.ts'

/** Items in the answer about one payout; GET /payouts/{id}/items has them all. */
export const ITEMS_SHOWN = 1000
/** Items that an event carries. */
export const ITEMS_TOLD = 100

export const itemSchema = z
  .object({
    id: z.string().describe("Stripe's id of the movement."),
    type: z.string().describe("Stripe's type, such as `charge`, `payment`, `refund`, `adjustment`, `stripe_fee`."),
    category: z.string().describe("Stripe's reporting category: what tells a dispute from another adjustment."),
    amount: z.number().describe('Signed as Stripe signs it.'),
    fee: z.number().describe('Above zero where it costs.'),
    net: z.number().describe('`amount` without `fee`.'),
    currency: z.string(),
    description: z.string(),
    source_id: z.string().nullable().describe('What moved: a charge, a refund, a dispute.'),
    charge_id: z.string().nullable().describe('The charge it is about.'),
    invoice_id: idSchema('inv').nullable().describe('The invoice that the charge pays; of several the first.'),
    invoice_ids: z.array(idSchema('inv')),
    invoices: z.array(z.object({ id: idSchema('inv'), number: z.string() })).describe('The same with their numbers.'),
    created: z.string(),
  })
  .meta({ id: 'PayoutItem' })

export const presentItem = (row: ItemRow) => ({
  id: row.id,
  type: row.type,
  category: row.category,
  amount: jsonAmount(row.amountMinor, row.currency),
  fee: jsonAmount(row.feeMinor, row.currency),
  net: jsonAmount(row.netMinor, row.currency),
  currency: row.currency,
  description: row.description,
  source_id: row.sourceId,
  charge_id: row.chargeId,
  invoice_id: row.invoices[0]?.id ?? null,
  invoice_ids: row.invoices.map(({ id }) => id),
  invoices: row.invoices,
  created: isoSeconds(row.occurredAt),
})

const explainedSchema = z
  .object({
    complete: z.boolean().describe('The items explain the payout to the last cent.'),
    items_total: z.number(),
    fees_total: z.number(),
    difference: z.number().describe('amount = items_total − fees_total + difference'),
    composition: z
      .enum(['open', 'itemised', 'deduced', 'unexplained'])
      .describe(
        '`open`: not known yet. `itemised`: Stripe listed the items. `deduced`: the only reading of the ledger that adds up, for payouts made by hand, which Stripe does not list. `unexplained`: nothing adds up to it, or more than one thing does.',
      ),
    note: z.string().nullable().describe('Why it is not complete, in words.'),
  })
  .meta({ id: 'PayoutExplained' })

const fields = {
  id: idSchema('pout'),
  external_id: z.string().describe("Stripe's id of the payout."),
  connection_id: idSchema('strc'),
  amount: z.number().describe('Below zero: Stripe takes money from the bank account.'),
  currency: z.string(),
  status: z
    .string()
    .describe("Stripe's words: `pending`, `in_transit`, `paid` (expected to have arrived), `failed`, `canceled`."),
  arrival_date: z.string(),
  automatic: z.boolean().describe('Made by the schedule, not by hand or API.'),
  method: z.string().nullable().describe('`standard` or `instant`.'),
  to_bank: z.boolean().describe('False for cards and for balances elsewhere: no line of a bank will show it.'),
  descriptor: z.string(),
  trace_id: z.string().nullable().describe("The bank's own reference, once Stripe knows it."),
  destination_last4: z.string().nullable(),
  failure: z.object({ code: z.string().nullable(), message: z.string().nullable() }).nullable(),
  bank_transaction_id: idSchema('txn').nullable().describe('Its line on the bank account.'),
  bank_found_by: z.string().nullable().describe('`trace_id`, `amount_and_date`, or `person`: how the line was found.'),
  bank_candidates: z
    .array(idSchema('txn'))
    .describe('Lines that may be it, where it is not certain. Choose one with PATCH.'),
  returned_transaction_ids: z
    .array(idSchema('txn'))
    .describe('Of a failed payout: the line that brought the money, and the one that took it back.'),
  explained: explainedSchema,
  items_count: z.int().nullable(),
  reconciled_at: z.string().nullable().describe('When it was both explained and found at the bank.'),
  created: z.string().describe('When Stripe made it.'),
  created_at: z.string(),
  updated_at: z.string(),
}

/** A payout in a list. */
export const listedPayoutSchema = z.object(fields).meta({ id: 'ListedPayout' })

export const payoutSchema = z
  .object({
    ...fields,
    items: z
      .array(itemSchema)
      .describe(
        `What it is made of, newest first, without the payout itself: at most ${ITEMS_SHOWN} (${ITEMS_TOLD} in events); GET /payouts/{id}/items has them all.`,
      ),
    items_truncated: z.boolean(),
  })
  .meta({ id: 'Payout' })

export const patchPayoutSchema = z.strictObject({
  bank_transaction_id: idSchema('txn')
    .nullable()
    .describe('The line on the bank account; null: the line that was found is not it, and will not be taken again.'),
})

/** The only way a payout leaves. */
export const presentListed = (row: PayoutRow) => {
  const money = (minor: bigint): unknown => jsonAmount(minor, row.currency)
  return {
    id: row.id,
    external_id: row.externalId,
    connection_id: row.connectionId,
    amount: money(row.amountMinor),
    currency: row.currency,
    status: row.status,
    arrival_date: `${row.arrivalOn}T00:00:00Z`,
    automatic: row.automatic,
    method: row.method,
    to_bank: row.toBank,
    descriptor: row.descriptor,
    trace_id: row.traceId,
    destination_last4: row.destinationLast4,
    failure:
      row.status === 'failed' || row.failureCode !== null
        ? { code: row.failureCode, message: row.failureMessage }
        : null,
    bank_transaction_id: row.bankTransactionId,
    bank_found_by: row.bankFoundBy,
    bank_candidates: row.bankCandidates,
    returned_transaction_ids: row.bankReturned,
    explained: {
      complete: isComplete(row),
      items_total: money(row.itemsTotalMinor ?? 0n),
      fees_total: money(row.feesTotalMinor ?? 0n),
      difference: money(row.differenceMinor ?? row.amountMinor),
      composition: row.composition,
      note: row.note,
    },
    items_count: row.items,
    reconciled_at: row.reconciledAt && isoSeconds(row.reconciledAt),
    created: isoSeconds(row.occurredAt),
    created_at: isoSeconds(row.createdAt),
    updated_at: isoSeconds(row.updatedAt),
  }
}

export const presentPayout = (row: PayoutRow, { items, truncated }: { items: ItemRow[]; truncated: boolean }) => ({
  ...presentListed(row),
  items: items.map(presentItem),
  items_truncated: truncated,
})

export const PAYOUT_LIST: ListSource = {
  select: PAYOUT_COLUMNS,
  from: 'payouts p',
  alias: 'p',
  lasting: true,
  search: ['p.words'],
  filters: {
    connection_id: { sql: 'p.connection_id', kind: 'id', prefix: 'strc' },
    external_id: { sql: 'p.external_id', kind: 'text' },
    status: { sql: 'p.status', kind: 'text' },
    currency: { sql: 'p.currency', kind: 'currency' },
    amount: { sql: 'p.amount_scaled', kind: 'amount', range: true },
    arrival_date: { sql: 'p.arrival_on', kind: 'day', range: true },
    automatic: { sql: 'p.automatic', kind: 'boolean' },
    composition: { sql: 'p.composition', kind: 'enum', values: ['open', 'itemised', 'deduced', 'unexplained'] },
    bank_transaction_id: { sql: 'p.bank_transaction_id', kind: 'id', prefix: 'txn' },
  },
  sortable: {
    arrival_date: { sql: 'p.arrival_on', kind: 'day' },
    amount: { sql: 'p.amount_scaled', kind: 'amount' },
  },
}

export const payoutListQuery = listQuery(PAYOUT_LIST)

export const PAYOUT_CSV: { file: string; columns: CsvColumns } = {
  file: 'payouts',
  columns:
    `id external_id connection_id amount currency status arrival_date automatic method to_bank descriptor trace_id
    destination_last4 failure.code failure.message bank_transaction_id bank_found_by explained.complete explained.items_total
    explained.fees_total explained.difference explained.composition explained.note items_count reconciled_at created created_at
    updated_at`.split(/\s+/),
}

/** The items of one payout, whose id the scope names. */
export const ITEM_LIST: ListSource = {
  select: ITEM_COLUMNS,
  from: ITEM_FROM,
  alias: 'i',
  times: { created: 'i.occurred_at', updated: 'i.updated_at' },
  filters: {
    type: { sql: 'i.type', kind: 'text' },
    category: { sql: 'i.category', kind: 'text' },
    source_id: { sql: 'i.source_id', kind: 'text' },
    charge_id: { sql: 'i.charge_id', kind: 'text' },
    created: { sql: 'i.occurred_at', kind: 'time', range: true },
  },
  sortable: { created: { sql: 'i.occurred_at', kind: 'time' } },
}

export const itemListQuery = listQuery(ITEM_LIST)

const ID: Id<'pout'> = 'pout_01jrfzq4v8m2k9d7t5x3w1c0ab'

export const itemExample = {
  id: 'txn_3PA1x2LkdIwHu7ix0Qm4rT9b',
  type: 'charge',
  category: 'charge',
  amount: 121.0,
  fee: 2.06,
  net: 118.94,
  currency: 'EUR',
  description: 'Invoice #1001',
  source_id: 'ch_3PA1x2LkdIwHu7ix0Sf8aVzk',
  charge_id: 'ch_3PA1x2LkdIwHu7ix0Sf8aVzk',
  invoice_id: 'inv_01jrfzq4v8m2k9d7t5x3w1c0ab',
  invoice_ids: ['inv_01jrfzq4v8m2k9d7t5x3w1c0ab'],
  invoices: [{ id: 'inv_01jrfzq4v8m2k9d7t5x3w1c0ab', number: 'INV-2025-001' }],
  created: '2025-04-08T09:12:44Z',
}

export const listedPayoutExample = {
  id: ID,
  external_id: 'po_1PA4kqLkdIwHu7ixGd2hVn0e',
  connection_id: 'strc_01jrfzq4v8m2k9d7t5x3w1c0ab',
  amount: 118.94,
  currency: 'EUR',
  status: 'paid',
  arrival_date: '2025-04-10T00:00:00Z',
  automatic: true,
  method: 'standard',
  to_bank: true,
  descriptor: '',
  trace_id: null,
  destination_last4: '3000',
  failure: null,
  bank_transaction_id: 'txn_01jrfzq4v8m2k9d7t5x3w1c0ab',
  bank_found_by: 'amount_and_date',
  bank_candidates: [],
  returned_transaction_ids: [],
  explained: {
    complete: true,
    items_total: 121.0,
    fees_total: 2.06,
    difference: 0.0,
    composition: 'itemised',
    note: null,
  },
  items_count: 1,
  reconciled_at: '2025-04-10T14:35:22Z',
  created: '2025-04-09T00:12:03Z',
  created_at: '2025-04-09T00:20:11Z',
  updated_at: '2025-04-10T14:35:22Z',
}

export const payoutExample = { ...listedPayoutExample, items: [itemExample], items_truncated: false }
