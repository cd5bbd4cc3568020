import type { Words } from '../en/index.ts'
import { app } from './app.ts'
import { nav } from './nav.ts'
import { states } from './states.ts'
import { signIn } from './sign-in.ts'
import { fresh } from './fresh.ts'
import { transactions } from './transactions.ts'
import { filters } from './filters.ts'
import { search } from './search.ts'
import { invoices } from './invoices.ts'
import { clients } from './clients.ts'
import { payouts } from './payouts.ts'
import { overview } from './overview.ts'
import { alerts } from './alerts.ts'
import { matching } from './matching.ts'
import { start } from './start.ts'
import { review } from './review.ts'
import { connections } from './connections.ts'
import { banks } from './banks.ts'
import { stripe } from './stripe.ts'
import { whmcs } from './whmcs.ts'
import { webhooks } from './webhooks.ts'
import { keys } from './keys.ts'
import { team } from './team.ts'
import { settings } from './settings.ts'
import { audit } from './audit.ts'
import { tenants } from './tenants.ts'

export const de: Words = {
  app,
  nav,
  states,
  signIn,
  fresh,
  transactions,
  filters,
  search,
  invoices,
  clients,
  payouts,
  overview,
  review,
  start,
  matching,
  alerts,
  connections,
  banks,
  stripe,
  whmcs,
  webhooks,
  keys,
  team,
  settings,
  audit,
  tenants,
}
