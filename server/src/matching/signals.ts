import type { AmountFit } from './candidate.ts'
import type { LinkKind } from './links.ts'
import type { Mention } from './references.ts'
import { type Signal, weights as shipped, type Weights } from './weights.ts'

/** Which signals a finding is weighed as. Written out, since putting a name together takes longer than looking up its weight. */

export const amountSignals: Readonly<Record<AmountFit, Signal>> = {
  exact: 'amount.exact',
  sum: 'amount.sum',
  printed: 'amount.printed',
  cents: 'amount.cents',
  close: 'amount.close',
  fee: 'amount.fee',
  over: 'amount.over',
  part: 'amount.part',
  other: 'amount.other',
}

/** A named invoice may well be paid with another amount; money that names nothing usually is the amount. */
export const namedAmountSignals: Readonly<Record<AmountFit, Signal>> = {
  ...amountSignals,
  cents: 'amount.named.cents',
  close: 'amount.named.close',
  fee: 'amount.named.fee',
  over: 'amount.named.over',
  part: 'amount.named.part',
}

/** The strongest link to a client. */
export const linkSignals: Readonly<Record<LinkKind, Signal>> = {
  known_payer: 'link.known_payer',
  known_once: 'link.known_once',
  known_shared: 'link.known_shared',
  payer_name: 'link.payer_name',
  payer_name_partly: 'link.payer_name_partly',
  named_in_text: 'link.named_in_text',
  partly_in_text: 'link.partly_in_text',
  domain: 'link.domain',
  email: 'link.email',
  closed_number: 'link.closed_number',
  customer_number: 'link.customer_number',
}

/** Another link beside the strongest. Names are one kind of evidence however often they appear, and so are a mail address and its
 *  domain, and an account and what else is known of it. */
export const moreSignals: Readonly<Record<LinkKind, Signal>> = {
  known_payer: 'more.account',
  known_once: 'more.account',
  known_shared: 'more.account',
  payer_name: 'more.name',
  payer_name_partly: 'more.name',
  named_in_text: 'more.name',
  partly_in_text: 'more.name',
  domain: 'more.address',
  email: 'more.address',
  closed_number: 'more.number',
  customer_number: 'more.customer',
}

const numberSignals = {
  whole: { invoice: 'number.whole.invoice', alone: 'number.whole.alone', nothing: 'number.whole.nothing' },
  digits: { invoice: 'number.digits.invoice', alone: 'number.digits.alone', nothing: 'number.digits.nothing' },
  tail: { invoice: 'number.tail.invoice', alone: 'number.tail.alone', nothing: 'number.tail.nothing' },
} as const satisfies Record<Mention['coverage'], Record<string, Signal>>

export function mentionSignal({ coverage, announced }: Mention): Signal {
  return numberSignals[coverage][announced === 'invoice' || announced === 'alone' ? announced : 'nothing']
}

/** What a named number is worth by itself. */
export function mentionWeight(mention: Mention, weights: Weights = shipped): number {
  const spoiled = mention.broken && mention.coverage !== 'whole' ? weights['number.broken'] : 0
  return weights[mentionSignal(mention)] + spoiled
}
