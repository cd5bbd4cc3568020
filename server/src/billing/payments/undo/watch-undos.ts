import { eachApart } from '../../../base/each-apart.ts'
import { idOf, type TenantId } from '../../../base/ids.ts'
import { openAlert } from '../../../events/alerts.ts'
import { systemActor } from '../../../events/audit.ts'
import { DELAYED_ALERT_MS, type PaymentDeps, UNKNOWN_ALERT_MS } from '../deps.ts'

const ACTOR = systemActor('watch-payments')

/** Looks over the takings back that do not move, as `watchPayments` does over payments. Decides nothing about money. */
export async function watchUndos(deps: PaymentDeps): Promise<void> {
  const tenants = await deps.store.directory((tx) =>
    tx.many<{ tenant_id: string }>(
      `select distinct tenant_id from undos where state in ('pending', 'sending', 'unknown') order by tenant_id`,
    ),
  )
  await eachApart(tenants, ({ tenant_id }) => watchTenant(deps, idOf('ten', tenant_id)))
}

async function watchTenant(deps: PaymentDeps, tenantId: TenantId): Promise<void> {
  await deps.store.change(tenantId, ACTOR, async (tx) => {
    await tx.run(
      `update undos set state = 'unknown', unknown_since = coalesce(unknown_since, send_started_at), updated_at = now()
        where tenant_id = $1 and state = 'sending' and lease_until < now()`,
      [tx.tenantUuid],
    )
    const stuck = await tx.many<{ id: string; state: string; number: string }>(
      `select u.id, u.state, coalesce(nullif(i.number, ''), i.external_id) as number
         from undos u join invoices i on i.tenant_id = u.tenant_id and i.id = u.invoice_id
        where u.tenant_id = $1
          and ((u.state = 'unknown' and u.unknown_since < now() - $2 * interval '1 millisecond')
            or (u.state = 'pending' and u.lookups_failed > 0 and u.created_at < now() - $3 * interval '1 millisecond'))`,
      [tx.tenantUuid, deps.scaled(UNKNOWN_ALERT_MS), deps.scaled(DELAYED_ALERT_MS)],
    )
    for (const row of stuck) {
      await openAlert(tx, {
        code: row.state === 'unknown' ? 'undo_unknown' : 'undo_delayed',
        severity: 'warning',
        subject: { type: 'payment', id: idOf('pay', row.id) },
        message:
          row.state === 'unknown'
            ? `It is not known how far the payment on invoice ${row.number} is taken back in WHMCS. Payymo keeps looking and sends nothing until it knows. See whether the WHMCS server answers.`
            : `The payment on invoice ${row.number} could not be taken back for more than an hour, because WHMCS does not answer as it should. Payymo keeps trying. Test the installation in Payymo to see the cause.`,
      })
    }
  })
}
