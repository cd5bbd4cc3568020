import type { Id } from '../../base/ids.ts'
import { closeAlert, openAlert } from '../../events/alerts.ts'
import type { Change } from '../../events/store.ts'
import type { ConnectionRow } from './queries.ts'

/** We cannot read the account. */
const FAILED = 'stripe_connection_failed'
/** The account was disconnected at Stripe, by the merchant. */
const DISCONNECTED = 'stripe_disconnected'

/** One alert per connection says why it cannot be read; another reason replaces it. */
export async function openFailedAlert(tx: Change, id: Id<'strc'>, message: string): Promise<void> {
  await closeAlert(tx, FAILED, id)
  await openAlert(tx, { code: FAILED, severity: 'warning', subject: { type: 'stripe_connection', id }, message })
}

export const openDisconnectedAlert = (tx: Change, id: Id<'strc'>, message: string): Promise<void> =>
  openAlert(tx, { code: DISCONNECTED, severity: 'warning', subject: { type: 'stripe_connection', id }, message })

export const closeFailedAlert = (tx: Change, id: Id<'strc'>): Promise<void> => closeAlert(tx, FAILED, id)

export async function closeConnectionAlerts(tx: Change, id: Id<'strc'>): Promise<void> {
  for (const code of [FAILED, DISCONNECTED]) await closeAlert(tx, code, id)
}

/** What people call the account. */
export const nameOf = (row: Pick<ConnectionRow, 'accountName' | 'accountId'>): string =>
  row.accountName === null
    ? `The Stripe account ${row.accountId}`
    : `The Stripe account of ${row.accountName} (${row.accountId})`
