import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { jsonAmount } from '../../base/json.ts'
import { listQuery, type ListSource } from '../../http/list.ts'
import { idSchema } from '../../http/validate.ts'
import { PAYMENT_COLUMNS, PAYMENT_FROM, PAYMENT_STATES, type PaymentRow } from './queries.ts'
import { UNDO_STATES } from './undo/queries.ts'

export const paymentSchema = z
  .object({
    id: idSchema('pay'),
    match_id: idSchema('match'),
    invoice_id: idSchema('inv'),
    amount: z.number().describe('What is booked on the invoice, `surplus` included.'),
    surplus: z
      .number()
      .describe(
        'How much of `amount` is more than the invoice takes and becomes credit of the client in WHMCS; 0 unless the installation is set to that (`settings.surplus`).',
      ),
    fees: z
      .number()
      .nullable()
      .describe(
        'What Stripe kept of `amount`; null for all other money. Written into WHMCS only with `settings.stripe_fees`.',
      ),
    currency: z.string(),
    transaction_reference: z
      .string()
      .describe(
        'The id of the payment, which never changes. In WHMCS it stands as the transaction id; of an invoice that was recorded by API it is known here only.',
      ),
    state: z.enum(PAYMENT_STATES),
    attempts: z.int().describe('How often it was sent to WHMCS; 0 where the invoice was recorded by API.'),
    applied_at: z.string().nullable(),
    reason: z.string().nullable().describe('Why it is not applied, in words for people.'),
    undo: z
      .object({
        state: z.enum(UNDO_STATES),
        transaction_reference: z.string().describe('The id under which the money goes out of the invoice in WHMCS.'),
        left: z.array(z.string()).describe('What a person must do or know, in words.'),
        reason: z.string().nullable().describe('Why it does not go on, in words.'),
      })
      .nullable()
      .describe(
        'How its taking-back in WHMCS stands; null when nobody asked for one, and always on invoices recorded by API: those payments are taken back at once.',
      ),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Payment' })

/** The only way a payment leaves. */
export const presentPayment = (row: PaymentRow) => ({
  id: row.id,
  match_id: row.matchId,
  invoice_id: row.invoiceId,
  amount: jsonAmount(row.amountMinor, row.currency),
  surplus: jsonAmount(row.surplusMinor, row.currency),
  fees: row.feesMinor === null ? null : jsonAmount(row.feesMinor, row.currency),
  currency: row.currency,
  transaction_reference: row.transid,
  state: row.state,
  attempts: row.attempts,
  applied_at: row.appliedAt && isoSeconds(row.appliedAt),
  reason: row.reason,
  undo: row.undo && {
    state: row.undo.state,
    transaction_reference: row.undo.transid,
    left: row.undo.left,
    reason: row.undo.reason,
  },
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})

export const resolveSchema = z.strictObject({
  resolution: z
    .enum(['applied', 'retry', 'drop'])
    .describe(
      'Of a payment in WHMCS. `applied`: it is there; `retry`: it is not, send it; `drop`: leave it, the money is free again.',
    ),
})

export const PAYMENT_LIST: ListSource = {
  select: PAYMENT_COLUMNS,
  from: PAYMENT_FROM,
  keys: 'payments p',
  alias: 'p',
  lasting: true,
  search: ['p.words'],
  filters: {
    state: { sql: 'p.state', kind: 'enum', values: PAYMENT_STATES },
    match_id: { sql: 'p.match_id', kind: 'id', prefix: 'match' },
    invoice_id: { sql: 'p.invoice_id', kind: 'id', prefix: 'inv' },
    client_id: {
      sql: '',
      kind: 'id',
      prefix: 'cli',
      where: (id) =>
        `p.invoice_id = any(array(select i.id from invoices i where i.tenant_id = $1 and i.client_id = ${id}))`,
    },
    currency: { sql: 'p.currency', kind: 'currency' },
    amount: { sql: 'p.amount_scaled', kind: 'amount', range: true },
    attempts: { sql: 'p.attempts::numeric', kind: 'number', range: true },
    transaction_reference: { sql: 'p.transid', kind: 'text' },
    applied_at: { sql: 'p.applied_at', kind: 'time', range: true },
  },
  sortable: {
    amount: { sql: 'p.amount_scaled', kind: 'amount' },
    applied_at: { sql: 'p.applied_at', kind: 'time', nullable: true },
    attempts: { sql: 'p.attempts', kind: 'number' },
  },
}

export const paymentListQuery = listQuery(PAYMENT_LIST)

export const paymentExample = {
  id: 'pay_01jrfzq4v8m2k9d7t5x3w1c0ab',
  match_id: 'match_01jrfzq4v8m2k9d7t5x3w1c0ab',
  invoice_id: 'inv_01jrfzq4v8m2k9d7t5x3w1c0ab',
  amount: 1250.0,
  surplus: 0,
  fees: null,
  currency: 'GBP',
  transaction_reference: 'PYM-K5GXA2VQ7NTR3WZJ6YHBDMCE4F',
  state: 'applied',
  attempts: 1,
  applied_at: '2025-04-10T14:36:02Z',
  reason: null,
  undo: null,
  created_at: '2025-04-10T14:35:22Z',
  updated_at: '2025-04-10T14:36:02Z',
}
