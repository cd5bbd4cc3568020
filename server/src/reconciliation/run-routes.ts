import { z } from 'zod'
import { isoSeconds } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { TenantId } from '../base/ids.ts'
import { jsonAmount } from '../base/json.ts'
import type { Store } from '../events/store.ts'
import { accepted, ok, type Route, tenantRoute } from '../http/route.ts'
import { idSchema, isRealDay, paidAmountSchema } from '../http/validate.ts'
import { getTransactions, MATCH_JOB } from '../transactions/index.ts'
import { type DryResult, type DryRun, dryRun, totalsOf, unknownOf } from './dry-run.ts'
import type { JudgeDeps } from './judge-lines.ts'
import { namedAllocationSchema, type NamedInvoices, nameInvoices, presentNamed } from './name-invoices.ts'
import { matchExample, matchSchema, namedAllocationExample } from './schemas.ts'

const IDS_MAX = 1_000
const RESULTS_MAX = 1_000
const NO_DAY = 'Must be a day such as 2025-04-10'

const policySchema = z
  .strictObject({
    auto_threshold: z.number().min(0).max(1).optional(),
    max_auto_amount: paidAmountSchema.describe('In the home currency of the tenant.').optional(),
    start_on: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, { error: NO_DAY, abort: true })
      .refine(isRealDay, NO_DAY)
      .optional(),
  })
  .describe('Settings of matching to try in place of the present ones; with `dry_run` only.')

const runSchema = z.strictObject({
  transaction_ids: z
    .array(idSchema('txn'))
    .min(1, 'Must hold at least one transaction')
    .max(IDS_MAX, `Must hold at most ${IDS_MAX} transactions`)
    .refine((ids) => new Set(ids).size === ids.length, 'Must not hold the same transaction twice')
    .describe('Only these, each once. Those that are decided already are left alone.')
    .optional(),
  dry_run: z.boolean().describe('true: answers what would happen in mode `auto` now, and keeps nothing.').optional(),
  policy: policySchema.optional(),
})

const queuedSchema = z.object({ status: z.literal('queued') }).meta({ id: 'MatchingRun' })

const { reasons: reasonsSchema } = matchSchema.shape

const dryRunSchema = z
  .object({
    dry_run: z.literal(true),
    looked: z.int().describe('Undecided transactions that were looked at.'),
    looked_capped: z.boolean().describe('There are more than one run looks at: the oldest were.'),
    would_apply: z.object({
      count: z.int(),
      totals: z
        .array(z.object({ currency: z.string(), amount: z.number(), count: z.int() }))
        .describe('What would be booked, by currency.'),
    }),
    would_suggest: z.int().describe('Would wait for a person.'),
    already_booked: z.int().describe('Stand in the billing system already; nothing would be booked.'),
    no_invoice: z.int(),
    results: z.array(
      z.object({
        transaction_id: idSchema('txn'),
        transaction: z
          .object({
            payer: z.string().describe('The name the bank gives; may be empty.'),
            transaction_date: z.string(),
            amount: z.number(),
            currency: z.string(),
            reference: z.string(),
            description: z.string(),
          })
          .describe('The line itself, as far as people tell it by.'),
        decision: z.enum(['auto', 'review', 'none', 'already_booked']),
        confidence: z.number().nullable(),
        allocations: z.array(namedAllocationSchema),
        reasons: reasonsSchema,
        withheld: reasonsSchema,
      }),
    ),
    results_capped: z.boolean().describe(`Only the first ${RESULTS_MAX} results are shown; the counts are of all.`),
  })
  .meta({ id: 'MatchingDryRun' })

const rawNumber = (text: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text)

const presentResult =
  (names: NamedInvoices) =>
  ({ line, decision, confidence, allocations, reasons, withheld }: DryResult) => ({
    transaction_id: line.id,
    transaction: {
      payer: line.counterpartyName,
      transaction_date: isoSeconds(line.bookedAt),
      amount: jsonAmount(line.amountMinor, line.currency),
      currency: line.currency,
      reference: line.reference,
      description: line.description,
    },
    decision,
    confidence: confidence === null ? null : rawNumber(confidence),
    allocations: allocations.map((part) => presentNamed(names, part)),
    reasons,
    withheld,
  })

function presentDryRun({ results, capped }: DryRun, names: NamedInvoices): unknown {
  const of = (decision: DryResult['decision']) => results.filter((one) => one.decision === decision)
  const auto = of('auto')
  return {
    dry_run: true,
    looked: results.length,
    looked_capped: capped,
    would_apply: {
      count: auto.length,
      totals: totalsOf(auto).map(({ currency, amountMinor, count }) => ({
        currency,
        amount: jsonAmount(amountMinor, currency),
        count,
      })),
    },
    would_suggest: of('review').length,
    already_booked: of('already_booked').length,
    no_invoice: of('none').length,
    results: shownOf(results).map(presentResult(names)),
    results_capped: results.length > RESULTS_MAX,
  }
}

const shownOf = (results: readonly DryResult[]): readonly DryResult[] => results.slice(0, RESULTS_MAX)

const dryExample = {
  dry_run: true,
  looked: 43,
  looked_capped: false,
  would_apply: { count: 36, totals: [{ currency: 'GBP', amount: 2640.5, count: 36 }] },
  would_suggest: 5,
  already_booked: 1,
  no_invoice: 1,
  results: [
    {
      transaction_id: matchExample.transaction_id,
      transaction: {
        payer: 'Marlow Hosting Co',
        transaction_date: '2025-04-10T00:00:00Z',
        amount: 1250.0,
        currency: 'GBP',
        reference: 'INV-2025-001',
        description: 'Invoice payment INV-2025-001',
      },
      decision: 'auto',
      confidence: 0.9981,
      allocations: [namedAllocationExample],
      reasons: matchExample.reasons,
      withheld: [],
    },
  ],
  results_capped: false,
}

/** Matching when it is asked for, and what it would do. */
export function runRoutes(deps: JudgeDeps & { store: Store }): Route[] {
  const { store } = deps
  /** Judging takes a processor for a moment: one at a time for each tenant. */
  const trying = new Set<TenantId>()
  return [
    tenantRoute({
      operationId: 'runMatching',
      method: 'POST',
      path: '/invoice-matches/run',
      tag: 'Matches',
      summary: 'Match now',
      description:
        'Looks for the invoices of all undecided money, or of the `transaction_ids` given, in the background. With `dry_run` nothing is kept: the answer is what would happen in mode `auto` at this moment, whatever the mode is, with the settings in `policy` in place of the present ones.',
      permission: 'matches:write',
      body: runSchema,
      bodyExample: { dry_run: true, policy: { auto_threshold: 0.995, max_auto_amount: 500.0 } },
      answers: {
        200: { description: 'What would happen (`dry_run`)', schema: dryRunSchema, example: dryExample },
        202: { description: 'It will be done', schema: queuedSchema, example: { status: 'queued' } },
      },
      handle: async ({ caller, body }) => {
        const { transaction_ids: ids, dry_run: dry = false, policy } = body
        if (policy && !dry)
          throw against('policy', 'Can be tried with dry_run only. To keep it, change the settings of the tenant')
        if (ids) {
          const known = await store.read(caller.tenantId, (tx) => getTransactions(tx, ids))
          const [unknown] = unknownOf(ids, known)
          if (unknown !== undefined) throw against('transaction_ids', `There is no transaction ${unknown}`)
        }
        if (dry) {
          if (trying.has(caller.tenantId)) throw oneAtATime()
          trying.add(caller.tenantId)
          try {
            const only = ids && new Set<string>(ids)
            const run = await dryRun(deps, caller.tenantId, { only, policy: policy ?? {} })
            const named = shownOf(run.results).flatMap((one) => one.allocations.map(({ invoiceId }) => invoiceId))
            return ok(presentDryRun(run, await store.read(caller.tenantId, (tx) => nameInvoices(tx, named))))
          } finally {
            trying.delete(caller.tenantId)
          }
        }
        await store.change(caller.tenantId, caller.actor, async (tx) => {
          // A run over everything looks at these too, but one that waits already may be over some only.
          if (ids) tx.job(MATCH_JOB, { transactionIds: ids.join(',') })
          else tx.job(MATCH_JOB, {}, { onlyOne: caller.tenantId })
          tx.audit({
            action: 'matching.run',
            resource: { type: 'tenant', id: caller.tenantId },
            ...(ids ? { changes: { after: { transaction_ids: ids } } } : {}),
          })
        })
        return accepted({ status: 'queued' })
      },
    }),
  ]
}

const against = (field: string, issue: string): AppError =>
  new AppError('validation_failed', 'The request is against a rule', { details: [{ field, issue }] })

const oneAtATime = (): AppError =>
  new AppError('rate_limit_exceeded', 'A dry run of this tenant is under way. Ask again when it has been answered.', {
    retryAfterSeconds: 2,
  })
