import { getTenant } from '../access/index.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { listRecorded } from '../billing/index.ts'
import type { TenantTx } from '../database/transaction.ts'
import { systemActor } from '../events/audit.ts'
import type { Change, Store } from '../events/store.ts'
import { matchAll, type Reason, type Verdict } from '../matching/index.ts'
import {
  firstAccountDay,
  getTransactions,
  listOpenTransactions,
  lockTransaction,
  MATCH_JOB,
  type TransactionRow,
} from '../transactions/index.ts'
import { keepPlan } from './keep-plan.ts'
import { engineTransaction, loadBook } from './load-book.ts'
import { loadPolicies, surplusJudge } from './judge-surplus.ts'
import { type BookedPart, isKept, isLetGo, type Plan, planLine, type Recognised } from './plan-line.ts'
import { planRecorded } from './plan-recorded.ts'
import { type TenantPolicy, tenantPolicy } from './policy.ts'
import { isMirrored, listFailedLines, listRefused, listSuggested, lockInvoices, type Refused } from './queries.ts'

/** Lines looked at in one run, oldest first. */
const LINES_MAX = 20_000
/** Plans kept in one transaction: short locks, and a failure costs little. */
const KEEP_AT_ONCE = 25

export interface MatchRun {
  looked: number
  suggested: number
  applied: number
  alreadyBooked: number
}

/** What matching is given. Slices that know more about lines than matching does come in here, joined in main. */
export interface MatchingDeps {
  store: Store
  today(): string
  /** Runs before the lines are read: lines that it makes transfers are not matched. */
  before?(tenantId: TenantId): Promise<unknown>
  /** Of these lines those that must not be applied without a person, each with the reason. */
  withhold?(tx: TenantTx, lines: readonly TransactionRow[]): Promise<ReadonlyMap<Id<'txn'>, Reason>>
}

interface Found {
  line: TransactionRow
  verdict: Verdict
}

type Planner = (verdict: Verdict, line: TransactionRow, refused: readonly Refused[]) => Plan

/** Looks for the invoices of all undecided money in, and keeps what it finds: suggestions for a person, and, where the
 *  tenant's mode is `auto` and every closed invoice is known, payments for the sure ones. Decisions made meanwhile by people
 *  stand: each line is locked and looked at again before anything is kept. A second run finds nothing to change. */
export async function matchTransactions(deps: MatchingDeps, tenantId: TenantId): Promise<MatchRun> {
  const { store } = deps
  await deps.before?.(tenantId)
  const run: MatchRun = { looked: 0, suggested: 0, applied: 0, alreadyBooked: 0 }
  const loaded = await store.read(tenantId, (tx) => load(deps, tx))
  if (!loaded) return run
  const { policy, suggested, refused, recorded, policies, held } = loaded
  const { owned, ...book } = loaded.book
  // What the billing system holds under an id of the line's wants no invoice, and explains no other line.
  const isUnknown = (line: TransactionRow): boolean => !recorded.has(line.id)
  const [lines, failed] = [loaded.open.filter(isUnknown), loaded.failed.filter(isUnknown)]
  const booked = new Set([...recorded.values()].flatMap((one) => one.parts.map(keyOf)))
  for (const { id, payments } of book.invoices) {
    for (const payment of payments) if (booked.has(`${id}|${payment.id}`)) payment.takenBy = 'other'
  }
  const surplusOf = surplusJudge(owned, policies)
  const plan: Planner = (verdict, line, refusals) =>
    stillRecorded(recorded.get(line.id), refusals) ??
    planLine(verdict, line, policy, refusals, (proposal) => surplusOf(line, proposal))
  const decide = (some: readonly TransactionRow[]): Found[] => {
    const transactions = some.map((line) => engineTransaction(line, held?.get(line.id)))
    const verdicts = matchAll({ transactions, ...book, policy: policy.engine })
    return some.map((line, n) => ({ line, verdict: verdicts[n]! }))
  }
  // Of failed lines it is only asked whether somebody booked them by hand; no other line is that payment then.
  const late =
    failed.length === 0
      ? []
      : decide([...failed, ...lines])
          .slice(0, failed.length)
          .filter(isBooked)
  for (const { verdict } of late) verdict.booked!.payment.takenBy = 'other'
  const found = giveUpBooked(decide(lines), refused, decide)
  run.looked = loaded.open.length
  const news = found.filter(({ line, verdict }) => {
    return !isKept(plan(verdict, line, refused.get(line.id) ?? []), suggested.get(line.id))
  })
  const byId = [...loaded.open, ...loaded.failed].filter((line) => recorded.has(line.id))
  news.unshift(...byId.map((line) => ({ line, verdict: undecided(line) })), ...late)
  for (let at = 0; at < news.length; at += KEEP_AT_ONCE) {
    const some = news.slice(at, at + KEEP_AT_ONCE)
    if (!(await store.change(tenantId, systemActor('matching'), (tx) => keepSome(tx, some, { policy, plan }, run))))
      break
  }
  return run
}

/** What one run looks at; undefined where there is nothing to keep. */
async function load(deps: MatchingDeps, tx: TenantTx) {
  const policy = await currentPolicy(tx)
  // Before the mirror is whole a line may pay an invoice that was closed by hand: nothing is kept yet (contract 4.6).
  if (!policy || !(await isMirrored(tx))) return undefined
  const open = await listOpenTransactions(tx, LINES_MAX)
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

/** What the tenant has set; undefined where matching is to keep nothing. */
async function currentPolicy(tx: TenantTx): Promise<TenantPolicy | undefined> {
  const tenant = await getTenant(tx)
  if (!tenant || tenant.status !== 'active') return undefined
  const policy = tenantPolicy(tenant.settings, await firstAccountDay(tx))
  return policy.mode === 'off' || policy.mode === 'shadow' ? undefined : policy
}

/** Keeps a few findings. Returns false when the settings have changed meanwhile: then the rest is for the next run. */
async function keepSome(
  tx: Change,
  some: readonly Found[],
  { policy, plan: planOf }: { policy: TenantPolicy; plan: Planner },
  run: MatchRun,
): Promise<boolean> {
  if ((await currentPolicy(tx))?.mode !== policy.mode) {
    tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
    return false
  }
  // Lines before invoices, each in the order of their ids: people who decide at the same moment wait, but never for each other.
  const lines = new Map<Id<'txn'>, TransactionRow>()
  for (const { line } of some.toSorted((one, other) => (one.line.id < other.line.id ? -1 : 1))) {
    const now = await lockTransaction(tx, line.id)
    if (now) lines.set(now.id, now)
  }
  const refused = await listRefused(tx, [...lines.keys()])
  const failed = some.some(({ line }) => !isFree(line)) ? new Set(await listFailedLines(tx)) : new Set()
  const plans = some.flatMap(({ line: seen, verdict }) => {
    const line = lines.get(seen.id)
    if (!line || line.status !== 'processed' || !(isFree(line) || failed.has(line.id))) return []
    if (!looksAlike(line, seen)) {
      tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
      return []
    }
    const plan = planOf(verdict, line, refused.get(line.id) ?? [])
    return isFree(line) || plan.do === 'recognise' ? [{ line, plan }] : []
  })
  await lockInvoices(tx, [...new Set(plans.flatMap(({ plan }) => invoicesOf(plan)))])
  for (const { line, plan } of plans) {
    const kept = await keepPlan(tx, line, plan)
    if (kept) run[kept] += 1
  }
  return true
}

/** A line that a person said is not a payment someone booked must not keep that payment from the line which is. */
function giveUpBooked(
  found: Found[],
  refused: ReadonlyMap<Id<'txn'>, readonly Refused[]>,
  decide: (lines: readonly TransactionRow[]) => Found[],
): Found[] {
  const letGo = ({ line, verdict }: Found): boolean => isLetGo(verdict, refused.get(line.id) ?? [])
  if (!found.some(letGo)) return found
  const others = decide(found.filter((one) => !letGo(one)).map(({ line }) => line)).filter(isBooked)
  const booked = new Map(others.map((one) => [one.line.id, one]))
  return found.map((one) => booked.get(one.line.id) ?? one)
}

const keyOf = (part: BookedPart): string => `${part.invoiceId}|${part.paymentId}`

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

const isBooked = ({ verdict }: Found): boolean => verdict.booked !== null

/** Nobody has decided the line. */
const isFree = (line: TransactionRow): boolean => line.matchStatus === 'unmatched' || line.matchStatus === 'suggested'

const invoicesOf = (plan: Plan): Id<'inv'>[] => {
  if (plan.do === 'recognise') return plan.parts.map(({ invoiceId }) => invoiceId)
  return plan.do === 'suggest' ? plan.proposal.allocations.map(({ invoiceId }) => invoiceId as Id<'inv'>) : []
}

/** Whether the engine would read the line as it did. */
function looksAlike(now: TransactionRow, seen: TransactionRow): boolean {
  const read = (row: TransactionRow): string =>
    JSON.stringify({ ...engineTransaction(row), amountMinor: String(row.amountMinor), other: row.possibleDuplicateOf })
  return read(now) === read(seen)
}
