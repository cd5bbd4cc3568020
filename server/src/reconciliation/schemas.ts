import { z } from 'zod'
import { isoSeconds } from '../base/clock.ts'
import { jsonAmount } from '../base/json.ts'
import { listQuery, type ListSource } from '../http/list.ts'
import { idSchema, paidAmountSchema } from '../http/validate.ts'
import { namedAllocationSchema, ruledOutSchema } from './name-invoices.ts'
import { MATCH_COLUMNS, type MatchRow } from './queries.ts'

export const STATES = ['suggested', 'approved', 'applied', 'rejected', 'failed', 'reversed', 'superseded'] as const

/** What is known of a match that people are to look at. */
export const CHECK_STATES = ['waiting', 'right', 'wrong'] as const

const reasonSchema = z.object({ code: z.string(), weight: z.number(), text: z.string() }).meta({ id: 'MatchReason' })

export const matchSchema = z
  .object({
    id: idSchema('match'),
    transaction_id: idSchema('txn'),
    status: z.enum(STATES),
    confidence: z.number(),
    score: z.number(),
    match_reason: z.string(),
    reasons: z.array(reasonSchema),
    withheld: z.array(reasonSchema).describe('Why a sure-looking match still waits for a person.'),
    allocations: z.array(
      z.object({ invoice_id: idSchema('inv'), invoice_number: z.string(), amount: z.number(), currency: z.string() }),
    ),
    decided_by: z.string().nullable(),
    decided_at: z.string().nullable(),
    payments: z.array(z.string()),
    reversal: z
      .object({
        state: z.enum(['pending', 'done', 'needs_person']),
        left: z
          .array(z.string())
          .describe(
            'What a person must know or do, in words, complete from the beginning: what can never be undone (mails sent, services set up, credit used), and, once it is known, what WHMCS refused.',
          ),
      })
      .nullable()
      .describe('How the taking-back of its payments stands; null when nobody asked for it.'),
    spot_check: z
      .object({
        state: z.enum(CHECK_STATES),
        answered_by: z.string().nullable(),
        answered_at: z.string().nullable(),
      })
      .nullable()
      .describe(
        'Of a match that was applied without a person and drawn by lot for a look: what a person found. POST /invoice-matches/{id}/confirm says that it is right; taking it back says that it was wrong. Null: it was not drawn.',
      ),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'InvoiceMatch' })

/** The code of a match that a person put together: the engine leaves it alone. */
export const BY_PERSON = 'decided_by_person'

const rawNumber = (text: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text)

export const presentMatch = (match: MatchRow) => ({
  id: match.id,
  transaction_id: match.transactionId,
  status: match.status,
  confidence: rawNumber(match.confidence),
  score: rawNumber(match.score),
  match_reason: match.matchReason,
  reasons: match.reasons,
  withheld: match.withheld,
  allocations: match.allocations.map((allocation) => ({
    invoice_id: allocation.invoiceId,
    invoice_number: allocation.invoiceNumber,
    amount: jsonAmount(allocation.amountMinor, allocation.currency),
    currency: allocation.currency,
  })),
  decided_by: match.decidedBy,
  decided_at: match.decidedAt && isoSeconds(match.decidedAt),
  payments: match.paymentIds,
  reversal: match.reversal,
  spot_check: match.spotCheck && {
    state: match.spotCheck.answer ?? 'waiting',
    answered_by: match.spotCheck.answeredBy,
    answered_at: match.spotCheck.answeredAt && isoSeconds(match.spotCheck.answeredAt),
  },
  created_at: isoSeconds(match.createdAt),
  updated_at: isoSeconds(match.updatedAt),
})

const allocationSchema = z.strictObject({ invoice_id: idSchema('inv'), amount: paidAmountSchema })

export const createMatchSchema = z.strictObject({
  transaction_id: idSchema('txn'),
  allocations: z
    .array(allocationSchema)
    .min(1)
    .max(100)
    .describe('The invoices it pays, and how much of each.')
    .optional(),
  invoice_id: idSchema('inv').describe('With `amount`, in place of `allocations`: one invoice.').optional(),
  amount: paidAmountSchema.optional(),
  apply: z.boolean().describe('true (default): approved at once; false: a suggestion.').optional(),
})

export const patchMatchSchema = z.strictObject({
  status: z
    .enum(['approved', 'rejected', 'reversed'])
    .describe('`approved` books it, `rejected` never proposes it again, `reversed` takes it back.'),
})

export const candidatesSchema = z
  .object({
    transaction_id: idSchema('txn'),
    decision: z.enum(['auto', 'review', 'none']),
    candidates: z.array(
      z.object({
        allocations: z.array(namedAllocationSchema),
        confidence: z.number(),
        score: z.number(),
        reasons: z.array(reasonSchema),
      }),
    ),
    withheld: z.array(reasonSchema).describe('Every doubt that keeps it from being applied without a person.'),
    ruled_out: z.array(ruledOutSchema),
  })
  .meta({ id: 'MatchCandidates' })

/** A match also shows the numbers of its invoices: those that bear the word are found first, and the matches by them. */
const paysInvoiceNamed = (placeholder: string): string =>
  `m.id in (select l.match_id from match_allocations l join invoices i on i.tenant_id = l.tenant_id and i.id = l.invoice_id
     where l.tenant_id = $1 and strpos(i.words, ${placeholder}) > 0)`

export const MATCH_LIST: ListSource = {
  select: MATCH_COLUMNS,
  from: 'matches m',
  alias: 'm',
  lasting: true,
  search: ['m.words', paysInvoiceNamed],
  filters: {
    status: { sql: 'm.status', kind: 'enum', values: STATES },
    transaction_id: { sql: 'm.transaction_id', kind: 'id', prefix: 'txn' },
    invoice_id: {
      sql: '',
      kind: 'id',
      prefix: 'inv',
      where: (placeholder) =>
        `m.id = any(array(select l.match_id from match_allocations l where l.tenant_id = $1 and l.invoice_id = ${placeholder}))`,
    },
    spot_check: {
      sql: '',
      kind: 'enum',
      values: CHECK_STATES,
      // What is being taken back waits for nobody.
      where: (placeholder, given) =>
        `m.id = any(array(select s.match_id from spot_checks s where s.tenant_id = $1 and coalesce(s.answer, 'waiting') = ${placeholder}))${
          given === 'waiting' ? " and m.status = 'applied' and m.reversal_state is null" : ''
        }`,
    },
    confidence: { sql: 'm.confidence', kind: 'number', range: true },
    score: { sql: 'm.score', kind: 'number', range: true },
    match_reason: { sql: 'm.match_reason', kind: 'text' },
    decided_by: { sql: 'm.decided_by', kind: 'text' },
    decided_at: { sql: 'm.decided_at', kind: 'time', range: true },
  },
  sortable: {
    confidence: { sql: 'm.confidence', kind: 'number' },
    score: { sql: 'm.score', kind: 'number' },
    decided_at: { sql: 'm.decided_at', kind: 'time', nullable: true },
  },
}

export const matchListQuery = listQuery(MATCH_LIST)

export const matchExample = {
  id: 'match_01jrfzq4v8m2k9d7t5x3w1c0ab',
  transaction_id: 'txn_01jrfzq4v8m2k9d7t5x3w1c0ab',
  status: 'suggested',
  confidence: 0.9731,
  score: 0.9,
  match_reason: 'amount_exact_match,reference_contains_invoice_id',
  reasons: [
    { code: 'amount_exact_match', weight: 2.1, text: 'The amount is exactly what is open on invoice INV-2025-001' },
    { code: 'reference_contains_invoice_id', weight: 1.5, text: 'The text names INV-2025-001' },
  ],
  withheld: [],
  allocations: [
    { invoice_id: 'inv_01jrfzq4v8m2k9d7t5x3w1c0ab', invoice_number: 'INV-2025-001', amount: 1250.0, currency: 'GBP' },
  ],
  decided_by: null,
  decided_at: null,
  payments: [],
  reversal: null,
  spot_check: null,
  created_at: '2025-04-10T14:35:22Z',
  updated_at: '2025-04-10T14:35:22Z',
}

/** A part on an invoice, with number and client. */
export const namedAllocationExample = {
  invoice_id: 'inv_01jrfzq4v8m2k9d7t5x3w1c0ab',
  invoice_number: 'INV-2025-001',
  client: { id: 'cli_01jrfzq4v8m2k9d7t5x3w1c0ab', name: 'Ann Marlow', company: 'Marlow Hosting Co' },
  amount: 1250.0,
  currency: 'GBP',
}

/** An applied match just after somebody asked for its reversal. */
export const reversingExample = {
  ...matchExample,
  status: 'applied',
  decided_by: 'key_01jrfzq4v8m2k9d7t5x3w1c0ab',
  decided_at: '2025-04-10T14:35:22Z',
  payments: ['pay_01jrfzq4v8m2k9d7t5x3w1c0ab'],
  reversal: {
    state: 'pending',
    left: [
      'Mails that WHMCS sent about the payment of invoice INV-2025-001 are not called back. Tell the client if need be.',
      'Services and domains that WHMCS set up, renewed or unsuspended because invoice INV-2025-001 was paid stay as they are. Look at them in WHMCS.',
    ],
  },
}

/** An automatic match that a person looked at. */
export const checkedExample = {
  ...matchExample,
  status: 'applied',
  confidence: 0.9991,
  decided_by: 'system:auto',
  decided_at: '2025-04-10T14:35:22Z',
  payments: ['pay_01jrfzq4v8m2k9d7t5x3w1c0ab'],
  spot_check: {
    state: 'right',
    answered_by: 'user_01jrfzq4v8m2k9d7t5x3w1c0ab',
    answered_at: '2025-04-11T08:02:10Z',
  },
}
