/** Alerts: what a person must look at, listed, closed, mailed to owners, and counted. They are opened and closed by whoever
 *  notices (events/alerts.ts). */
import type { Scaled } from '../base/clock.ts'
import type { Store } from '../events/store.ts'
import type { Slice } from '../http/slice.ts'
import { type MailAlertsDeps, mailAlerts } from './mail-alerts.ts'
import { alertRoutes } from './routes.ts'

export { closeByPerson } from './close-alert.ts'
export { countOpenAlerts, listNewestAlerts } from './queries.ts'

export interface AlertsDeps extends MailAlertsDeps {
  store: Store
  scaled: Scaled
}

/** Also what a flood of alerts at one moment has to gather before it is told. */
const SWEEP_MS = 30_000

export function alertsSlice(deps: AlertsDeps): Slice {
  return {
    routes: alertRoutes(deps.store),
    sweeps: [{ name: 'mail alerts', everyMs: deps.scaled(SWEEP_MS), run: () => mailAlerts(deps) }],
  }
}
