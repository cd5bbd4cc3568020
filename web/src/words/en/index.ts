import { common } from './common.ts'
import { transactions } from './transactions.ts'
import { invoices } from './invoices.ts'
import { clients } from './clients.ts'
import { payouts } from './payouts.ts'
import { overview } from './overview.ts'
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
import { troubles } from './troubles.ts'

/** Everything the dashboard says, a file for each screen. Another language is a folder of the same files (words/de) and a line in
 *  app/word-store.ts; what counts is a function. */
export const en = {
  ...common,
  transactions,
  invoices,
  clients,
  payouts,
  overview,
  review,
  start,
  matching,
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
  troubles,
}

export type Words = typeof en
