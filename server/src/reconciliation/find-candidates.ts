import { getTenant } from '../access/index.ts'
import { notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { listRecorded } from '../billing/index.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { Store } from '../events/store.ts'
import type { Proposal, Reason } from '../matching/index.ts'
import { firstAccountDay, getTransaction, type TransactionRow } from '../transactions/index.ts'
import type { JudgeDeps } from './judge-lines.ts'
import { loadPolicies, surplusJudge, withSurplus } from './judge-surplus.ts'
import { engineTransaction, loadBook } from './load-book.ts'
import { type NamedInvoices, nameInvoices, presentName, presentNamed } from './name-invoices.ts'
import { ownDoubts } from './plan-line.ts'
import { planRecorded } from './plan-recorded.ts'
import { tenantPolicy } from './policy.ts'
import { listRefused, type Refused } from './queries.ts'

/** The invoices a line might pay, best first, with the evidence, why others were ruled out, and every doubt that would keep it from
 *  being applied without a person. Decides nothing. */
export async function findCandidates(
  deps: JudgeDeps & { store: Store },
  tenantId: TenantId,
  id: Id<'txn'>,
): Promise<unknown> {
  const { store } = deps
  const { line, policy, book, ...loaded } = await store.read(tenantId, async (tx) => {
    const line = await getTransaction(tx, id)
    const tenant = await getTenant(tx)
    if (!line || !tenant) throw notFound()
    const policy = tenantPolicy(tenant.settings, await firstAccountDay(tx))
    const refused = await listRefused(tx, [id])
    return {
      line,
      policy,
      book: await loadBook(tx, deps.today()),
      policies: await loadPolicies(tx),
      held: await deps.withhold?.(tx, [line]),
      doubts: [
        ...ownDoubts(line, policy),
        ...refusedDoubt(refused.get(id) ?? []),
        ...(await recordedDoubt(tx, line, refused)),
      ],
    }
  })
  const { owned, ...known } = book
  const surplusOf = surplusJudge(owned, loaded.policies)
  const { found } = await deps.ask({
    lines: [engineTransaction(line, loaded.held?.get(id))],
    failed: [],
    ...known,
    policy: policy.engine,
    taken: [],
    letGo: new Map(),
  })
  const { decision, best, alternatives, ruledOut, ...verdict } = found[0]!
  const proposals = [...(best ? [best] : []), ...alternatives]
  const withheld = [...verdict.withheld, ...loaded.doubts]
  const names = await store.read(tenantId, (tx) =>
    nameInvoices(tx, [
      ...proposals.flatMap(({ allocations }) => allocations.map(({ invoiceId }) => invoiceId)),
      ...ruledOut.map(({ invoiceId }) => invoiceId),
    ]),
  )
  return {
    transaction_id: id,
    decision: decision === 'auto' && withheld.length > 0 ? 'review' : decision,
    candidates: proposals.map((proposal) =>
      presentProposal(names, { ...proposal, reasons: withSurplus(proposal.reasons, surplusOf(line, proposal)) }),
    ),
    withheld,
    ruled_out: ruledOut.map(({ invoiceId, code, text }) => ({ ...presentName(names, invoiceId), code, text })),
  }
}

const refusedDoubt = (refused: readonly Refused[]): Reason[] =>
  refused.length === 0
    ? []
    : [{ code: 'refused_before', weight: 0, text: 'A person refused another proposal for this transaction.' }]

/** Money of a card that its gateway has booked already pays nothing a second time. */
async function recordedDoubt(
  tx: TenantTx,
  line: TransactionRow,
  refused: ReadonlyMap<Id<'txn'>, readonly Refused[]>,
): Promise<Reason[]> {
  if (line.source !== 'stripe') return []
  const plan = planRecorded([line], await listRecorded(tx, [line.id]), refused).get(line.id)
  return plan ? [plan.reason] : []
}

const presentProposal = (names: NamedInvoices, proposal: Proposal) => ({
  allocations: proposal.allocations.map((part) => presentNamed(names, part)),
  confidence: proposal.confidence,
  score: proposal.score,
  reasons: proposal.reasons,
})
