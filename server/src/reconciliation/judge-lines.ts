import { assert } from '../base/errors.ts'
import type { Id } from '../base/ids.ts'
import { listRecorded } from '../billing/index.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Reason, Verdict } from '../matching/index.ts'
import { getTransactions, listOpenTransactions, type TransactionRow } from '../transactions/index.ts'
import type { Ask } from './ask-aside.ts'
import { paymentName } from './ask-engine.ts'
import { loadPolicies, surplusJudge } from './judge-surplus.ts'
import { engineTransaction, loadBook } from './load-book.ts'
import { isKept, type Plan, planLine, type Recognised } from './plan-line.ts'
import { planRecorded } from './plan-recorded.ts'
import type { TenantPolicy } from './policy.ts'
import { isMirrored, listFailedLines, listRefused, listSuggested, type MatchRow, type Refused } from './queries.ts'

export interface Found {
  line: TransactionRow
  verdict: Verdict
}

export type Planner = (verdict: Verdict, line: TransactionRow, refused: readonly Refused[]) => Plan

/** What judging is given besides the tenant's rows. */
export interface JudgeDeps {
  today(): string
  ask: Ask
  /** Of these lines those that must not be applied without a person, each with the reason. */
  withhold?(tx: TenantTx, lines: readonly TransactionRow[]): Promise<ReadonlyMap<Id<'txn'>, Reason>>
}

/** The undecided lines, and everything they are judged by. */
export type Loaded = NonNullable<Awaited<ReturnType<typeof loadLines>>>

/** Reads what one run looks at: undecided money in, oldest first, at most `limit`; undefined where there is nothing to judge, or the
 *  mirror is not whole: a line might pay an invoice that was closed by hand (contract 4.6). */
export async function loadLines(deps: JudgeDeps, tx: TenantTx, policy: TenantPolicy, limit: number) {
  if (!(await isMirrored(tx))) return undefined
  const open = await listOpenTransactions(tx, limit)
  const failed = await getTransactions(tx, await listFailedLines(tx))
  if (open.length + failed.length === 0) return undefined
  const all = [...open, ...failed]
  const idsOf = (some: readonly TransactionRow[]): Id<'txn'>[] => some.map((line) => line.id)
  const refused = await listRefused(tx, idsOf(all))
  const byGateway = await listRecorded(tx, idsOf(all.filter((line) => line.source === 'stripe')))
  return {
    policy,
    open,
    failed,
    refused,
    recorded: planRecorded(all, byGateway, refused),
    suggested: new Map((await listSuggested(tx, idsOf(open))).map((match) => [match.transactionId, match])),
    book: await loadBook(tx, deps.today()),
    policies: await loadPolicies(tx),
    held: await deps.withhold?.(tx, open),
  }
}

/** What judging found, with nothing kept. */
export interface Judged {
  /** Every undecided line, in the order of the lines. */
  found: Found[]
  /** Of these, and of failed ones, those whose plan changes something. */
  news: Found[]
  plan: Planner
  /** The suggestion that stands. */
  suggested: ReadonlyMap<Id<'txn'>, MatchRow>
  refused: ReadonlyMap<Id<'txn'>, readonly Refused[]>
}

/** Asks the engine about all lines, and holds what it says against what stands. Keeps nothing. */
export async function judgeLines(deps: Pick<JudgeDeps, 'ask'>, loaded: Loaded): Promise<Judged> {
  const { policy, open, failed: allFailed, suggested, refused, recorded, policies, held } = loaded
  const { owned, ...book } = loaded.book
  // What the billing system holds under an id of the line's wants no invoice, and explains no other line.
  const isUnknown = (line: TransactionRow): boolean => !recorded.has(line.id)
  const [lines, failed] = [open.filter(isUnknown), allFailed.filter(isUnknown)]
  const question = (line: TransactionRow) => engineTransaction(line, held?.get(line.id))
  const answer = await deps.ask({
    lines: lines.map(question),
    failed: failed.map(question),
    ...book,
    policy: policy.engine,
    taken: [...recorded.values()].flatMap((one) =>
      one.parts.map(({ invoiceId, paymentId }) => paymentName(invoiceId, paymentId)),
    ),
    letGo: letGoOf(refused),
  })
  const surplusOf = surplusJudge(owned, policies)
  const plan: Planner = (verdict, line, refusals) =>
    stillRecorded(recorded.get(line.id), refusals) ??
    planLine(verdict, line, policy, refusals, (proposal) => surplusOf(line, proposal))
  const found = lines.map((line, n): Found => ({ line, verdict: answer.found[n]! }))
  const news = found.filter(({ line, verdict }) => {
    return !isKept(plan(verdict, line, refused.get(line.id) ?? []), suggested.get(line.id))
  })
  const late = answer.late.map((verdict): Found => {
    const line = failed.find(({ id }) => id === verdict.transactionId)
    assert(line, 'the engine answers what it was asked')
    return { line, verdict }
  })
  const asRecorded = (line: TransactionRow): Found => ({ line, verdict: undecided(line) })
  news.unshift(...[...open, ...allFailed].filter((line) => recorded.has(line.id)).map(asRecorded), ...late)
  const byLine = new Map(found.map((one) => [one.line.id, one]))
  return { found: open.map((line) => byLine.get(line.id) ?? asRecorded(line)), news, plan, suggested, refused }
}

/** By line the invoices on which, as a person said, no payment is this line. */
const letGoOf = (refused: ReadonlyMap<Id<'txn'>, readonly Refused[]>): Map<string, string[]> =>
  new Map([...refused].map(([id, all]) => [id, all.filter((one) => one.booked).flatMap((one) => [...one.invoices])]))

/** A person may have let go of it a moment ago. */
const stillRecorded = (plan: Recognised | undefined, refusals: readonly Refused[]): Recognised | undefined =>
  plan?.parts.some(({ invoiceId }) => refusals.some((one) => one.booked && one.invoices.has(invoiceId)))
    ? undefined
    : plan

/** The engine was not asked. */
const undecided = ({ id }: TransactionRow): Verdict => ({
  transactionId: id,
  decision: 'none',
  best: null,
  alternatives: [],
  withheld: [],
  booked: null,
  ruledOut: [],
})
