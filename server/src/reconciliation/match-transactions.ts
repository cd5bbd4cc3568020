import { getTenant } from '../access/index.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { TenantTx } from '../database/transaction.ts'
import { systemActor } from '../events/audit.ts'
import type { Change, Store } from '../events/store.ts'
import { firstAccountDay, lockTransactions, MATCH_JOB, type TransactionRow } from '../transactions/index.ts'
import { type Found, type JudgeDeps, judgeLines, loadLines, type Planner } from './judge-lines.ts'
import { keepPlan } from './keep-plan.ts'
import { engineTransaction } from './load-book.ts'
import type { Plan } from './plan-line.ts'
import { type TenantPolicy, tenantPolicy } from './policy.ts'
import { listFailedLines, listRefused, lockInvoices } from './queries.ts'
import { recognise } from './recognise.ts'

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
export interface MatchingDeps extends JudgeDeps {
  store: Store
  /** Runs before the lines are read: lines that it makes transfers are not matched. */
  before?(tenantId: TenantId): Promise<unknown>
}

/** Looks for the invoices of all undecided money in, and keeps what it finds: suggestions for a person, and, where the
 *  tenant's mode is `auto` and every closed invoice is known, payments for the sure ones. Decisions made meanwhile by people
 *  stand: each line is locked and looked at again before anything is kept. A second run finds nothing to change. `only`: of these
 *  lines; the others are judged along, since they want invoices too, and nothing of them is kept. */
export async function matchTransactions(
  deps: MatchingDeps,
  tenantId: TenantId,
  only?: ReadonlySet<string>,
): Promise<MatchRun> {
  const { store } = deps
  await deps.before?.(tenantId)
  const run: MatchRun = { looked: 0, suggested: 0, applied: 0, alreadyBooked: 0 }
  const loaded = await store.read(tenantId, async (tx) => {
    const policy = await currentPolicy(tx)
    return policy && loadLines(deps, tx, policy, LINES_MAX)
  })
  if (!loaded) return run
  const { policy } = loaded
  const { found, news: all, plan } = await judgeLines(deps, loaded)
  const isWanted = ({ line }: Found): boolean => only === undefined || only.has(line.id)
  const news = all.filter(isWanted)
  run.looked = found.filter(isWanted).length
  for (let at = 0; at < news.length; at += KEEP_AT_ONCE) {
    const some = news.slice(at, at + KEEP_AT_ONCE)
    if (!(await store.change(tenantId, systemActor('matching'), (tx) => keepSome(tx, some, { policy, plan }, run))))
      break
  }
  return run
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
  const held = await lockTransactions(
    tx,
    some.map(({ line }) => line.id),
  )
  const lines = new Map(held.map((line) => [line.id, line]))
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
  run.alreadyBooked += await recognise(
    tx,
    plans.flatMap(({ line, plan }) => (plan.do === 'recognise' ? [{ line, plan }] : [])),
  )
  for (const { line, plan } of plans) {
    if (plan.do === 'recognise') continue
    const kept = await keepPlan(tx, line, plan)
    if (kept) run[kept] += 1
  }
  return true
}

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
