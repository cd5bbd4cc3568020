import type { Alert } from '../events/alerts.ts'

/** Pages of the dashboard at which things are mended, by the kind of thing. */
const PAGES: Record<string, (id: string) => string> = {
  bank_connection: (id) => `/connections/${id}`,
  whmcs_instance: (id) => `/connections/${id}`,
  stripe_connection: (id) => `/connections/${id}`,
  bank_account: (id) => `/transactions?account_id=${id}`,
  webhook: (id) => `/webhooks/${id}`,
  transaction: (id) => `/transactions/${id}`,
  payout: (id) => `/payouts/${id}`,
}
/** What is decided in the review, whatever it is about. */
const DECIDED: Record<string, (id: string) => string> = {
  payment_quarantined: (id) => `/review?view=quarantined&item=${id}`,
  undo_needs_person: (id) => `/review?view=reversals&item=${id}`,
  audit_chain_broken: () => '/audit',
  precision_below_budget: () => '/matching',
}

/** Where in the dashboard an alert is mended: a path. The list of alerts leads on to what has no page of its own. */
export const pathOf = ({ code, subject }: Pick<Alert, 'code' | 'subject'>): string =>
  (DECIDED[code] ?? PAGES[subject.type])?.(encodeURIComponent(subject.id)) ?? '/alerts'
