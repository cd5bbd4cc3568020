import { eachApart } from '../../base/each-apart.ts'
import { type Id, idOf, type TenantId } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { PaymentDeps } from './deps.ts'
import { installationOf, PAYMENT_COLUMNS, PAYMENT_FROM, type PaymentRow, paymentOf } from './queries.ts'
import { readBack, VERIFY_ACTOR } from './read-back.ts'

/** How far back the ledgers are compared, how often, and how soon a payment is read back that never was (planned). */
const WINDOW_MS = 7 * 24 * 3_600_000
const AGAIN_MS = 20 * 3_600_000
const UNREAD_MS = 60_000
/** Payments of one tenant looked at in one run; the rest follow in the next. */
const BATCH = 100

/** Compares the applied payments of the last seven days with what WHMCS shows, each about once a day; those whose read-back
 *  was cut short within a minute. Of tenants suspended or deleted only payments never read back are looked at. What a person declared to be there is theirs and left alone. What
 *  modules booked is compared with what they push. Returns how many were read. */
export async function verifyPayments(deps: PaymentDeps): Promise<number> {
  const due = [deps.scaled(WINDOW_MS), deps.scaled(AGAIN_MS), deps.scaled(UNREAD_MS)] as const
  const tenants = await deps.store.directory((tx) =>
    tx.many<{ tenant_id: string }>(
      `select distinct p.tenant_id from payments p join tenants t on t.tenant_id = p.tenant_id
         join whmcs_instances w on w.tenant_id = p.tenant_id and w.id = p.instance_id and w.mode = 'api'
        where ${DUE('$1', '$2', '$3')} and (t.status = 'active' or p.verified_at is null) order by p.tenant_id`,
      due,
    ),
  )
  let read = 0
  await eachApart(tenants, async ({ tenant_id }) => {
    read += await verifyTenant(deps, idOf('ten', tenant_id), due)
  })
  return read
}

const DUE = (windowMs: string, againMs: string, unreadMs: string): string => `p.state = 'applied'
  and p.applied_at > now() - ${windowMs} * interval '1 millisecond'
  and (p.lease_until is null or p.lease_until < now())
  and (p.checked_at is null or p.checked_at < now() - (case when p.verified_at is null then ${unreadMs}::float8 else ${againMs}::float8 end) * interval '1 millisecond')`

async function verifyTenant(
  deps: PaymentDeps,
  tenantId: TenantId,
  due: readonly [number, number, number],
): Promise<number> {
  const payments = await deps.store.change(tenantId, VERIFY_ACTOR, (tx) => takeBatch(tx, due))
  const closed = new Set<Id<'whm'>>()
  let read = 0
  for (const payment of payments) {
    const instanceId = installationOf(payment)
    if (closed.has(instanceId)) continue
    try {
      const system = await deps.openBilling(tenantId, instanceId)
      // One that does not answer is left alone until the next run.
      if ((await readBack(deps, payment, system)) === 'not_read') closed.add(instanceId)
      else read += 1
    } catch (error) {
      closed.add(instanceId)
      deps.log.warn('ledger not compared', { tenant_id: tenantId, instance_id: instanceId, error })
    }
  }
  return read
}

/** Marks the batch as looked at, so that another process takes the next one. */
async function takeBatch(tx: TenantTx, due: readonly [number, number, number]): Promise<PaymentRow[]> {
  const taken = await tx.many<{ id: string }>(
    `update payments set checked_at = now(), lease_until = null
      where tenant_id = $1 and id in (
        select p.id from payments p join whmcs_instances w on w.tenant_id = p.tenant_id and w.id = p.instance_id
         where p.tenant_id = $1 and w.status <> 'disconnected' and w.mode = 'api' and p.resolution is distinct from 'applied' and ${DUE('$2', '$3', '$4')}
         order by p.checked_at nulls first, p.id limit ${BATCH} for no key update of p skip locked)
      returning id`,
    [tx.tenantUuid, ...due],
  )
  const rows = await tx.many<object>(
    `select ${PAYMENT_COLUMNS} from ${PAYMENT_FROM} where p.tenant_id = $1 and p.id = any($2::uuid[])`,
    [tx.tenantUuid, taken.map((row) => row.id)],
  )
  return rows.map(paymentOf)
}
