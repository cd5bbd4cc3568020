import type { Tx } from '../database/transaction.ts'
import type { Store } from '../events/store.ts'
import type { Census } from './metrics.ts'

/** What waits, over all tenants: counted through the directory role, which sees states and due times and nothing else. */
export function censuses(store: Pick<Store, 'directory'>): Census[] {
  const counted = (text: string) => async () =>
    store.directory(async (tx: Tx) =>
      (await tx.many<Record<string, string>>(text)).map(({ count = '0', ...labels }) => ({
        labels,
        count: Number(count),
      })),
    )
  return [
    {
      name: 'payymo_payments',
      help: 'Payments that are not finished, by state',
      labels: ['state'],
      count: counted(
        "select state, count(*)::text as count from payments where state in ('pending', 'sending', 'unknown', 'quarantined') group by state",
      ),
    },
    {
      name: 'payymo_deliveries_waiting',
      help: 'Webhook deliveries that are not finished',
      labels: [],
      count: counted("select count(*)::text as count from deliveries where status = 'pending'"),
    },
    {
      name: 'payymo_deliveries_overdue_seconds',
      help: 'How late the oldest due webhook delivery is',
      labels: [],
      count: counted(
        "select coalesce(extract(epoch from now() - min(due_at)), 0)::text as count from deliveries where status = 'pending' and due_at <= now()",
      ),
    },
    {
      name: 'payymo_bank_connections',
      help: 'Bank connections by status',
      labels: ['status'],
      count: counted('select status, count(*)::text as count from bank_connections group by status'),
    },
  ]
}
