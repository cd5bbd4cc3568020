import { eachApart } from '../../base/each-apart.ts'
import { idOf, type TenantId } from '../../base/ids.ts'
import { openAlert } from '../../events/alerts.ts'
import { systemActor } from '../../events/audit.ts'
import { DELAYED_ALERT_MS, type PaymentDeps, UNKNOWN_ALERT_MS } from './deps.ts'

const ACTOR = systemActor('watch-payments')

/** Looks over the payments that do not move: a `sending` whose worker died is called `unknown`, an `unknown` of a quarter of an
 *  hour and a payment that cannot be sent for an hour get an alert. Decides nothing about money. */
export async function watchPayments(deps: PaymentDeps): Promise<void> {
  const tenants = await deps.store.directory((tx) =>
    tx.many<{ tenant_id: string }>(
      `select distinct tenant_id from payments where state in ('pending', 'sending', 'unknown') order by tenant_id`,
    ),
  )
  await eachApart(tenants, ({ tenant_id }) => watchTenant(deps, idOf('ten', tenant_id)))
}

async function watchTenant(deps: PaymentDeps, tenantId: TenantId): Promise<void> {
  await deps.store.change(tenantId, ACTOR, async (tx) => {
    await tx.run(
      `update payments set state = 'unknown', unknown_since = coalesce(unknown_since, send_started_at), updated_at = now()
        where tenant_id = $1 and state = 'sending' and lease_until < now()`,
      [tx.tenantUuid],
    )
    const stuck = await tx.many<{ id: string; state: string; number: string }>(
      `select p.id, p.state, coalesce(nullif(i.number, ''), i.external_id) as number
         from payments p join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
        where p.tenant_id = $1
          and ((p.state = 'unknown' and p.unknown_since < now() - $2 * interval '1 millisecond')
            or (p.state = 'pending' and p.lookups_failed > 0 and p.created_at < now() - $3 * interval '1 millisecond'))`,
      [tx.tenantUuid, deps.scaled(UNKNOWN_ALERT_MS), deps.scaled(DELAYED_ALERT_MS)],
    )
    for (const row of stuck) {
      const id = idOf('pay', row.id)
      await openAlert(
        tx,
        row.state === 'unknown'
          ? {
              code: 'payment_unknown',
              severity: 'warning',
              subject: { type: 'payment', id },
              message: `It is not known whether the payment on invoice ${row.number} reached WHMCS. Payymo keeps looking and sends nothing until it knows. See whether the WHMCS server answers.`,
            }
          : {
              code: 'payment_delayed',
              severity: 'warning',
              subject: { type: 'payment', id },
              message: `The payment on invoice ${row.number} could not be booked for more than an hour, because WHMCS does not answer as it should. Payymo keeps trying. Test the installation in Payymo to see the cause.`,
            },
      )
    }
  })
}
