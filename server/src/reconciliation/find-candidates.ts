import { getTenant } from '../access/index.ts'
import { notFound } from '../base/errors.ts'
import type { Id, TenantId } from '../base/ids.ts'
import { jsonAmount } from '../base/json.ts'
import type { Store } from '../events/store.ts'
import { matchAll, type Proposal } from '../matching/index.ts'
import { firstAccountDay, getTransaction } from '../transactions/index.ts'
import { loadPolicies, surplusJudge, withSurplus } from './judge-surplus.ts'
import { engineTransaction, loadBook } from './load-book.ts'
import { tenantPolicy } from './policy.ts'

/** The invoices a line might pay, best first, with the evidence, and why others were ruled out. Decides nothing. */
export async function findCandidates(
  deps: { store: Store; today(): string },
  tenantId: TenantId,
  id: Id<'txn'>,
): Promise<unknown> {
  return deps.store.read(tenantId, async (tx) => {
    const line = await getTransaction(tx, id)
    const tenant = await getTenant(tx)
    if (!line || !tenant) throw notFound()
    const policy = tenantPolicy(tenant.settings, await firstAccountDay(tx))
    const { owned, ...book } = await loadBook(tx, deps.today())
    const surplusOf = surplusJudge(owned, await loadPolicies(tx))
    const [verdict] = matchAll({
      transactions: [engineTransaction(line)],
      ...book,
      policy: policy.engine,
    })
    const proposals = verdict ? [...(verdict.best ? [verdict.best] : []), ...verdict.alternatives] : []
    return {
      transaction_id: id,
      decision: verdict?.decision ?? 'none',
      candidates: proposals.map((proposal) =>
        presentProposal({ ...proposal, reasons: withSurplus(proposal.reasons, surplusOf(line, proposal)) }),
      ),
      withheld: verdict?.withheld ?? [],
      ruled_out: (verdict?.ruledOut ?? []).map(({ invoiceId, code, text }) => ({ invoice_id: invoiceId, code, text })),
    }
  })
}

const presentProposal = (proposal: Proposal) => ({
  allocations: proposal.allocations.map(({ invoiceId, amountMinor, currency }) => ({
    invoice_id: invoiceId,
    amount: jsonAmount(amountMinor, currency),
    currency,
  })),
  confidence: proposal.confidence,
  score: proposal.score,
  reasons: proposal.reasons,
})
