import { getTenant } from '../access/index.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { formatAmount } from '../base/money.ts'
import type { TenantTx } from '../database/transaction.ts'
import { systemActor } from '../events/audit.ts'
import type { Store } from '../events/store.ts'
import type { Proposal } from '../matching/index.ts'
import { firstAccountDay } from '../transactions/index.ts'
import { type JudgeDeps, judgeLines, loadLines } from './judge-lines.ts'
import { tenantPolicy } from './policy.ts'

/** The word in the audit trail for what Payymo would have applied. */
export const SHADOW = 'transaction.shadow'

/** As in a run that keeps what it finds. */
const LINES_MAX = 20_000
const NOTED_AT_ONCE = 100

/** In mode `shadow`: writes down, once for each line and reading of it, what mode `auto` would have applied, so that it can be held
 *  against what people decide later. Proposes nothing and books nothing. Returns how many were noted. */
export async function noteShadow(deps: JudgeDeps & { store: Store }, tenantId: TenantId): Promise<number> {
  const { store } = deps
  const loaded = await store.read(tenantId, async (tx) => {
    const tenant = await getTenant(tx)
    if (tenant?.status !== 'active' || tenant.settings.matching?.mode !== 'shadow') return undefined
    const policy = tenantPolicy(tenant.settings, await firstAccountDay(tx))
    return loadLines(deps, tx, { ...policy, mode: 'auto' }, LINES_MAX)
  })
  if (!loaded) return 0
  const { found, plan: planOf, refused } = await judgeLines(deps, loaded)
  const sure = found.flatMap(({ line, verdict }) => {
    const plan = planOf(verdict, line, refused.get(line.id) ?? [])
    return plan.do === 'suggest' && plan.auto ? [{ id: line.id, note: noteOf(plan.proposal) }] : []
  })
  const noted = await store.read(tenantId, (tx) =>
    latestNotes(
      tx,
      sure.map(({ id }) => id),
    ),
  )
  const news = sure.filter(({ id, note }) => noted.get(id) !== JSON.stringify(note.allocations))
  for (let at = 0; at < news.length; at += NOTED_AT_ONCE) {
    await store.change(tenantId, systemActor('shadow'), async (tx) => {
      for (const { id, note } of news.slice(at, at + NOTED_AT_ONCE))
        tx.audit({ action: SHADOW, resource: { type: 'transaction', id }, changes: { after: note } })
    })
  }
  return news.length
}

/** What a row of the trail holds. */
export interface ShadowNote {
  /** Four decimals. */
  confidence: string
  /** `amount` as a decimal in major units, in the order of the invoices' ids. */
  allocations: { invoice_id: string; amount: string; currency: string }[]
}

const noteOf = ({ confidence, allocations }: Proposal): ShadowNote => ({
  confidence: confidence.toFixed(4),
  allocations: allocations
    .toSorted((one, other) => (one.invoiceId < other.invoiceId ? -1 : 1))
    .map(({ invoiceId, amountMinor, currency }) => ({
      invoice_id: invoiceId,
      amount: formatAmount(amountMinor, currency),
      currency,
    })),
})

/** The allocations noted last, as JSON, by line. */
async function latestNotes(tx: TenantTx, ids: readonly Id<'txn'>[]): Promise<Map<string, string>> {
  const rows = await tx.many<{ resource_id: string; entry: { changes: { after: ShadowNote } } }>(
    `select distinct on (a.resource_id) a.resource_id, a.entry from audit_events a
      where a.tenant_id = $1 and a.action = $2 and a.resource_id = any($3::text[]) order by a.resource_id, a.sequence desc`,
    [tx.tenantUuid, SHADOW, ids],
  )
  return new Map(rows.map((row) => [row.resource_id, JSON.stringify(row.entry.changes.after.allocations)]))
}
