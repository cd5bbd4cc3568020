import { uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import type { InstanceRow } from '../instances/queries.ts'

/** What an installation's module told of itself, and what waits for its next call. Times are null until it happened. */
export interface ModuleFacts {
  pairedAt: Date | null
  calledAt: Date | null
  cronLastAt: Date | null
  lastPushAt: Date | null
  moduleVersion: string | null
  phpVersion: string | null
  waiting: { payments: number; undos: number; invoices: number }
}

/** Null where Payymo reaches the installation itself. */
export async function getModuleFacts(
  tx: TenantTx,
  instance: Pick<InstanceRow, 'id' | 'mode'>,
): Promise<ModuleFacts | null> {
  if (instance.mode !== 'module') return null
  const row = await tx.one<{
    paired_at: Date | null
    called_at: Date | null
    cron_last_at: Date | null
    last_push_at: Date | null
    module_version: string | null
    php_version: string | null
    payments: number
    undos: number
    invoices: number
  }>(
    `select m.paired_at, m.called_at, m.cron_last_at, m.last_push_at, m.module_version, m.php_version,
            (select count(*)::int from payments p where p.tenant_id = w.tenant_id and p.instance_id = w.id
                and p.state in ('pending', 'sending', 'unknown')) as payments,
            (select count(*)::int from undos u where u.tenant_id = w.tenant_id and u.instance_id = w.id
                and u.state in ('pending', 'sending', 'unknown')) as undos,
            (select count(*)::int from module_wanted n where n.tenant_id = w.tenant_id and n.instance_id = w.id) as invoices
       from whmcs_instances w left join whmcs_modules m on m.tenant_id = w.tenant_id and m.instance_id = w.id
      where w.tenant_id = $1 and w.id = $2`,
    [tx.tenantUuid, uuidOf(instance.id)],
  )
  return {
    pairedAt: row.paired_at,
    calledAt: row.called_at,
    cronLastAt: row.cron_last_at,
    lastPushAt: row.last_push_at,
    moduleVersion: row.module_version,
    phpVersion: row.php_version,
    waiting: { payments: row.payments, undos: row.undos, invoices: row.invoices },
  }
}
