import type { Id, TenantId } from '../../base/ids.ts'
import { writeEnding } from '../payments/outcome.ts'
import type { ModuleDeps } from './deps.ts'
import { listExhausted, listInDoubt } from './lease-queries.ts'
import { paymentDeps } from './payment-deps.ts'

/** Puts payments before a person that were offered as often as is allowed and of which nothing was ever reported. */
export async function endExhausted(deps: ModuleDeps, tenantId: TenantId, instanceId: Id<'whm'>): Promise<void> {
  for (const payment of await deps.store.read(tenantId, (tx) => listExhausted(tx, instanceId))) {
    await writeEnding(paymentDeps(deps), payment, {
      state: 'quarantined',
      code: 'no_answer',
      words: `Given to the module ${payment.attempts} times, which never said what became of ${payment.transid} on invoice ${payment.invoiceNumber}. Look for it in WHMCS.`,
      foreign: [],
    })
  }
}

/** The tenant is gone: no module is offered anything any more, so that what is in doubt would stay so for ever. */
export async function endInDoubt(deps: ModuleDeps, tenantId: TenantId, instanceId: Id<'whm'>): Promise<void> {
  for (const payment of await deps.store.read(tenantId, (tx) => listInDoubt(tx, instanceId))) {
    await writeEnding(paymentDeps(deps), payment, {
      state: 'quarantined',
      code: 'tenant_not_active',
      words: `The account was deleted before the module said what became of ${payment.transid} on invoice ${payment.invoiceNumber}. Look for it in WHMCS.`,
      foreign: [],
    })
  }
}
