import { getTenant } from '../access/index.ts'
import { AppError, assert } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import type { Store } from '../events/store.ts'
import { amountAboveZero } from '../http/validate.ts'
import type { Reason } from '../matching/index.ts'
import { firstAccountDay, type TransactionRow } from '../transactions/index.ts'
import { type JudgeDeps, type Judged, judgeLines, loadLines } from './judge-lines.ts'
import { tenantPolicy } from './policy.ts'
import { isMirrored, type MatchRow } from './queries.ts'
import { BY_PERSON } from './schemas.ts'

/** Lines judged at once: half of what a run in the background looks at, since somebody waits for the answer. */
const LINES_MAX = 10_000

/** Settings of matching to try, in place of the tenant's. */
export interface PolicyTry {
  auto_threshold?: number | undefined
  /** In the tenant's home currency. */
  max_auto_amount?: string | undefined
  start_on?: string | undefined
}

/** What would become of one line in mode `auto`. */
export interface DryResult {
  line: TransactionRow
  decision: 'auto' | 'review' | 'none' | 'already_booked'
  /** Four decimals; null where nothing is proposed. */
  confidence: string | null
  allocations: { invoiceId: string; amountMinor: bigint; currency: string }[]
  reasons: readonly Reason[]
  /** Why it would wait for a person. */
  withheld: readonly Reason[]
}

export interface DryRun {
  results: DryResult[]
  /** There were more lines than one run looks at. */
  capped: boolean
}

/** Judges the undecided lines as a run in mode `auto` would at this moment, whatever the mode is, and keeps nothing. `only`: results
 *  of these lines; the others are judged along, since they want invoices too. Throws `resource_conflict` while invoices are still
 *  being read for the first time. */
export async function dryRun(
  deps: JudgeDeps & { store: Store },
  tenantId: TenantId,
  asked: { only?: ReadonlySet<string> | undefined; policy: PolicyTry },
): Promise<DryRun> {
  const loaded = await deps.store.read(tenantId, async (tx) => {
    const tenant = await getTenant(tx)
    assert(tenant, 'who calls is a tenant')
    if (!(await isMirrored(tx))) throw notYet()
    const { max_auto_amount: most, ...rest } = asked.policy
    const matching: Record<string, unknown> = { ...tenant.settings.matching, ...given(rest), mode: 'auto' }
    if (most !== undefined) {
      amountAboveZero(most, tenant.settings.home_currency ?? 'EUR', 'policy.max_auto_amount')
      matching.max_auto_amount = most
    }
    const policy = tenantPolicy({ ...tenant.settings, matching }, await firstAccountDay(tx))
    return loadLines(deps, tx, policy, LINES_MAX)
  })
  if (!loaded) return { results: [], capped: false }
  const judged = await judgeLines(deps, loaded)
  const wanted = judged.found.filter(({ line }) => asked.only === undefined || asked.only.has(line.id))
  return {
    results: wanted.map((one) => resultOf(one, judged)),
    capped: loaded.open.length === LINES_MAX,
  }
}

const given = (policy: PolicyTry): Record<string, unknown> =>
  Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined))

function resultOf({ line, verdict }: Judged['found'][number], judged: Judged): DryResult {
  const plan = judged.plan(verdict, line, judged.refused.get(line.id) ?? [])
  const before = judged.suggested.get(line.id)
  if (plan.do === 'recognise') {
    return {
      line,
      decision: 'already_booked',
      confidence: plan.confidence,
      allocations: plan.parts,
      reasons: [plan.reason],
      withheld: [],
    }
  }
  // What a person put together stands until a person decides.
  if (before && isByPerson(before)) return ofPerson(line, before)
  if (plan.do === 'nothing') {
    return { line, decision: 'none', confidence: null, allocations: [], reasons: [], withheld: verdict.withheld }
  }
  const { proposal, withheld, auto } = plan
  return {
    line,
    decision: auto ? 'auto' : 'review',
    confidence: proposal.confidence.toFixed(4),
    allocations: proposal.allocations,
    reasons: proposal.reasons,
    withheld,
  }
}

const isByPerson = ({ reasons }: MatchRow): boolean => reasons.some(({ code }) => code === BY_PERSON)

const ofPerson = (line: TransactionRow, { confidence, allocations, reasons, withheld }: MatchRow): DryResult => ({
  line,
  decision: 'review',
  confidence,
  allocations,
  reasons,
  withheld,
})

/** What would be applied, by currency. */
export function totalsOf(results: readonly DryResult[]): { currency: string; amountMinor: bigint; count: number }[] {
  const totals = new Map<string, { currency: string; amountMinor: bigint; count: number }>()
  for (const { line, allocations } of results) {
    const total = totals.get(line.currency) ?? { currency: line.currency, amountMinor: 0n, count: 0 }
    total.amountMinor += allocations.reduce((sum, part) => sum + part.amountMinor, 0n)
    total.count += 1
    totals.set(line.currency, total)
  }
  return [...totals.values()].toSorted((one, other) => (one.currency < other.currency ? -1 : 1))
}

const notYet = (): AppError =>
  new AppError(
    'resource_conflict',
    'The invoices of a WHMCS installation are still being read for the first time. Ask again in a few minutes.',
    { retryAfterSeconds: 60 },
  )

/** Ids of lines that are not the tenant's. */
export function unknownOf(ids: readonly Id<'txn'>[], known: readonly TransactionRow[]): string[] {
  const own = new Set<string>(known.map(({ id }) => id))
  return ids.filter((id) => !own.has(id))
}
