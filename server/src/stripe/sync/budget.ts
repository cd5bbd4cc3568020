import { type Id, uuidOf } from '../../base/ids.ts'
import { closeAlert, openAlert } from '../../events/alerts.ts'
import { systemActor } from '../../events/audit.ts'
import { OPERATOR_TENANT } from '../../http/route.ts'
import type { StripeDeps } from '../deps.ts'

/** Stripe allows 500 reads for each payment, over 30 days back, and never less than this. What a platform reads of connected accounts
 *  is the platform's, over all their payments; a restricted key reads on its own account's. Source: Stripe, rate limits, API read
 *  request allocations. */
export const READS_FLOOR = 10_000
const READS_PER_CHARGE = 500
export const BUDGET_DAYS = 30
/** From this share on we read seldom, and say so. */
const TIGHT = 0.8

/** `tight`: reading slows down. `spent`: nothing is read by itself; events and people still are answered. */
export type BudgetState = 'free' | 'tight' | 'spent'

export interface Budget {
  reads: number
  allowed: number
  state: BudgetState
}

/** Whose reads are counted together: the platform's in a mode, or one connection with a key of its own. */
export type BudgetOf = { livemode: boolean } | { connectionId: Id<'strc'> }

/** How many of the reads that Stripe allows were made, counted by day over all tenants. A tenant with a platform of its own counts as
 *  one of ours, which errs on the careful side. */
export async function readBudget(deps: Pick<StripeDeps, 'store' | 'clock'>, of: BudgetOf): Promise<Budget> {
  const today = deps.clock.now().toISOString().slice(0, 10)
  const one = 'connectionId' in of ? uuidOf(of.connectionId) : null
  const row = await deps.store.directory((tx) =>
    tx.one<{ reads: number; charges: number }>(
      `select coalesce(sum(r.reads), 0)::float8 as reads, coalesce(sum(r.charges), 0)::float8 as charges
         from stripe_reads r join stripe_connections c on c.tenant_id = r.tenant_id and c.id = r.connection_id
        where r.day > $1::date - ${BUDGET_DAYS}
          and case when $2::uuid is null then c.kind = 'connect_oauth' and c.livemode = $3 else c.id = $2 end`,
      [today, one, 'livemode' in of ? of.livemode : null],
    ),
  )
  const allowed = Math.max(READS_FLOOR, row.charges * READS_PER_CHARGE)
  const share = row.reads / allowed
  return { reads: row.reads, allowed, state: share >= 1 ? 'spent' : share >= TIGHT ? 'tight' : 'free' }
}

/** Looks at the platform's reads in both modes and tells the operator when they run short, once; closes the alert when they do no
 *  longer. */
export async function watchBudget(deps: Pick<StripeDeps, 'store' | 'clock'>): Promise<void> {
  for (const livemode of [true, false]) {
    const budget = await readBudget(deps, { livemode })
    const subject = { type: 'stripe_platform', id: livemode ? 'live' : 'test' }
    const isOpen = await deps.store.read(OPERATOR_TENANT, (tx) =>
      tx.first<object>(
        'select 1 from alerts where tenant_id = $1 and code = $2 and subject_id = $3 and closed_at is null',
        [tx.tenantUuid, READS_SHORT, subject.id],
      ),
    )
    if ((isOpen !== undefined) === (budget.state !== 'free')) continue
    await deps.store.change(OPERATOR_TENANT, systemActor('stripe budget'), async (tx) => {
      if (budget.state === 'free') return closeAlert(tx, READS_SHORT, subject.id)
      return openAlert(tx, { code: READS_SHORT, severity: 'warning', subject, message: shortMessage(budget, livemode) })
    })
  }
}

/** Subject: the platform in a mode. */
export const READS_SHORT = 'stripe_reads_short'

const shortMessage = ({ reads, allowed }: Budget, livemode: boolean): string =>
  `${reads} of the ${allowed} reads that Stripe allows the platform in ${livemode ? 'live' : 'test'} mode over ${BUDGET_DAYS} days are made (500 for each payment, at least ${READS_FLOOR}). Connections are read every six hours instead of every hour until fewer are, and not at all by themselves above the limit. Check that Stripe sends events to /webhooks/stripe: with them little needs reading. Stripe raises the limit on request.`
