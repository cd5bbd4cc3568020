import { eachApart } from '../../base/each-apart.ts'
import { idOf, type TenantId } from '../../base/ids.ts'
import { openAlert } from '../../events/alerts.ts'
import { systemActor } from '../../events/audit.ts'
import { DELAYED_ALERT_MS, type PaymentDeps, UNKNOWN_ALERT_MS } from './deps.ts'

const ACTOR = systemActor('watch-payments')

/** Work on an installation that may stand still, and what is said of it then. Both tables have columns of the same names. */
interface Watched {
  table: 'payments' | 'undos'
  unknown: { code: string; message(invoice: string): string }
  delayed: { code: string; message(invoice: string): string }
}

const PAYMENTS: Watched = {
  table: 'payments',
  unknown: {
    code: 'payment_unknown',
    message: (invoice) =>
      `It is not known whether the payment on invoice ${invoice} reached WHMCS. Payymo keeps looking and sends nothing until it knows. See whether the WHMCS server answers.`,
  },
  delayed: {
    code: 'payment_delayed',
    message: (invoice) =>
      `The payment on invoice ${invoice} could not be booked for more than an hour, because WHMCS does not answer as it should. Payymo keeps trying. Test the installation in Payymo to see the cause.`,
  },
}

const UNDOS: Watched = {
  table: 'undos',
  unknown: {
    code: 'undo_unknown',
    message: (invoice) =>
      `It is not known how far the payment on invoice ${invoice} is taken back in WHMCS. Payymo keeps looking and sends nothing until it knows. See whether the WHMCS server answers.`,
  },
  delayed: {
    code: 'undo_delayed',
    message: (invoice) =>
      `The payment on invoice ${invoice} could not be taken back for more than an hour, because WHMCS does not answer as it should. Payymo keeps trying. Test the installation in Payymo to see the cause.`,
  },
}

/** Looks over the payments that do not move: a `sending` whose worker died is called `unknown`, an `unknown` of a quarter of an
 *  hour and a payment that cannot be sent for an hour get an alert. Decides nothing about money. */
export const watchPayments = (deps: PaymentDeps): Promise<void> => watch(deps, PAYMENTS)

/** The same over payments that are being taken back. */
export const watchUndos = (deps: PaymentDeps): Promise<void> => watch(deps, UNDOS)

async function watch(deps: PaymentDeps, watched: Watched): Promise<void> {
  const tenants = await deps.store.directory((tx) =>
    tx.many<{ tenant_id: string }>(
      `select distinct tenant_id from ${watched.table} where state in ('pending', 'sending', 'unknown') order by tenant_id`,
    ),
  )
  await eachApart(tenants, ({ tenant_id }) => watchTenant(deps, idOf('ten', tenant_id), watched))
}

async function watchTenant(deps: PaymentDeps, tenantId: TenantId, watched: Watched): Promise<void> {
  await deps.store.change(tenantId, ACTOR, async (tx) => {
    await tx.run(
      `update ${watched.table} set state = 'unknown', unknown_since = coalesce(unknown_since, send_started_at), updated_at = now()
        where tenant_id = $1 and state = 'sending' and lease_until < now()`,
      [tx.tenantUuid],
    )
    const stuck = await tx.many<{ id: string; state: 'unknown' | 'pending'; number: string }>(
      `select w.id, w.state, coalesce(nullif(i.number, ''), i.external_id) as number
         from ${watched.table} w join invoices i on i.tenant_id = w.tenant_id and i.id = w.invoice_id
        where w.tenant_id = $1
          and ((w.state = 'unknown' and w.unknown_since < now() - $2 * interval '1 millisecond')
            or (w.state = 'pending' and w.lookups_failed > 0 and w.created_at < now() - $3 * interval '1 millisecond'))`,
      [tx.tenantUuid, deps.scaled(UNKNOWN_ALERT_MS), deps.scaled(DELAYED_ALERT_MS)],
    )
    for (const { id, state, number } of stuck) {
      const { code, message } = state === 'unknown' ? watched.unknown : watched.delayed
      // An undo has the id of its payment.
      const subject = { type: 'payment', id: idOf('pay', id) }
      await openAlert(tx, { code, severity: 'warning', subject, message: message(number) })
    }
  })
}
