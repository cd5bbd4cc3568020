export type Kind =
  | 'connection'
  | 'account'
  | 'webhook'
  | 'transaction'
  | 'payout'
  | 'quarantined'
  | 'reversals'
  | 'payment'
  | 'match'
  | 'audit'
  | 'matching'

export interface Way {
  kind: Kind
  id: string
}

/** Things with a page of their own, or at whose line of money one looks. */
const KINDS = new Map<string, Kind>([
  ['bank_connection', 'connection'],
  ['whmcs_instance', 'connection'],
  ['stripe_connection', 'connection'],
  ['bank_account', 'account'],
  ['webhook', 'webhook'],
  ['transaction', 'transaction'],
  ['payout', 'payout'],
  ['payment', 'payment'],
  ['match', 'match'],
])
const BY_CODE = new Map<string, Kind>([
  ['payment_quarantined', 'quarantined'],
  ['undo_needs_person', 'reversals'],
  ['audit_chain_broken', 'audit'],
  ['precision_below_budget', 'matching'],
])

/** Where the thing of an alert can be looked at; undefined for what has no page. */
export function wayOf({ code, subject }: { code: string; subject: { type: string; id: string } }): Way | undefined {
  const kind = BY_CODE.get(code) ?? KINDS.get(subject.type)
  return kind && { kind, id: subject.id }
}
