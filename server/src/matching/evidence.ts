import type { Candidate } from './candidates.ts'
import type { Contrast, Sign } from './clues.ts'
import type { Link, LinkKind, Reading } from './links.ts'
import { daysBetween } from './text.ts'
import type { MatchPolicy, Reason } from './types.ts'
import { numberWeight, weights } from './weights.ts'

/** A reading with its evidence. The weights of the reasons add up to `logOdds`. */
export interface Weighed {
  candidate: Candidate
  reasons: Reason[]
  logOdds: number
  /** The strongest link to the client, if any. */
  link: Link | null
  /** The text names all its invoices in a way that stands on its own. */
  named: boolean
  /** Dated before its invoice without naming what it pays. */
  early: boolean
}

const amountTexts: Record<Candidate['fit'], readonly [code: string, text: string]> = {
  exact: ['amount_exact_match', 'The amount is exactly what is open.'],
  sum: ['amount_exact_match', 'The amount is exactly the sum of what is open on these invoices.'],
  printed: ['amount_printed_in_invoice_currency', "The text prints the invoice's amount in the invoice's currency."],
  cents: ['amount_close_match', 'The amount is a few cents off what is open.'],
  close: ['amount_close_match', 'The amount is within one per cent of what is open.'],
  fee: ['amount_short_by_fee', 'The amount is short by no more than a bank fee.'],
  over: ['amount_over', 'More came than is open.'],
  part: ['amount_part_payment', 'Less came than is open.'],
  other: [
    'amount_in_other_currency',
    "The money is in another currency than the invoice, and no amount in the invoice's is printed.",
  ],
}

const linkTexts: Record<LinkKind, readonly [code: string, text: string]> = {
  known_payer: ['payer_known', 'This payer has paid for the client before.'],
  payer_name: ['payer_name_matches_client', "The payer bears the client's name."],
  payer_name_partly: ['payer_name_partly_matches', "The payer's name agrees with the client's in part."],
  named_in_text: ['description_contains_client_name', "The description bears the client's name."],
  customer_number: ['text_contains_customer_number', 'The text gives the customer number.'],
  domain: ['text_contains_domain', "The text names the client's domain."],
  email: ['payer_email_matches_client', "The client's e-mail address stands in the text."],
}

/** How many days before its invoice money may come without naming a service (bank and billing clocks differ). */
const earlyDays = 3

/** Names are one kind of evidence however often they appear, and so are a mail address and its domain; an account and a customer
 *  number are others. */
const kindOf: Partial<Record<LinkKind, 'name' | 'address'>> = {
  payer_name: 'name',
  payer_name_partly: 'name',
  named_in_text: 'name',
  domain: 'address',
  email: 'address',
}

function linkReasons(links: readonly Link[]): { reasons: Reason[]; strongest: Link | null } {
  const sorted = [...links].sort(
    (left, right) => weights.link[right.kind] - weights.link[left.kind] || (left.kind < right.kind ? -1 : 1),
  )
  const seen = new Set<string>()
  const reasons = sorted.map((link, at) => {
    const kind = kindOf[link.kind] ?? link.kind
    const more = seen.has(kind)
      ? weights.linkMore.same
      : Math.min(weights.linkMore.independent, weights.link[link.kind])
    seen.add(kind)
    return {
      code: linkTexts[link.kind][0],
      weight: at === 0 ? weights.link[link.kind] : more,
      text: linkTexts[link.kind][1],
    }
  })
  return { reasons, strongest: sorted[0] ?? null }
}

function numberReasons(reading: Reading, candidate: Candidate): { reasons: Reason[]; named: boolean } {
  const { mentions, invoices } = candidate
  if (mentions.length === 0 || (mentions.length < Math.min(2, invoices.length) && !candidate.completed)) {
    return { reasons: [], named: false }
  }
  const each = mentions.map((mention) => {
    const invoice = invoices.find((one) => one.id === mention.invoiceId)
    const year =
      mention.announced !== 'invoice' &&
      mention.coverage === 'digits' &&
      /^(?:19|20)\d\d$/.test(invoice?.number || invoice?.id || '')
    return numberWeight(mention.coverage, mention.announced, mention.broken) + (year ? weights.yearLike : 0)
  })
  const weakest = Math.min(...each)
  const weight = weakest + weights.numberMore * Math.min(3, mentions.length - 1)
  const all = invoices.length === 1 || reading.mentions.length > 0
  return {
    reasons: [{ code: 'reference_contains_invoice_id', weight, text: 'The text names the invoice.' }],
    named: all && weakest >= 7,
  }
}

/** Adds up what speaks for and against one reading, before it is compared with the others. */
export function weigh(
  reading: Reading,
  candidate: Candidate,
  contrast: Contrast | undefined,
  policy: MatchPolicy,
): Weighed {
  const { transaction } = reading
  const { invoices, fit, mentions } = candidate
  const reasons: Reason[] = [
    { code: 'prior', weight: weights.prior, text: 'The chance of any open invoice, before looking.' },
  ]
  const add = (code: string, weight: number, text: string): void => {
    reasons.push({ code, weight, text })
  }
  add(amountTexts[fit][0], weights.amount[fit], amountTexts[fit][1])
  const number = numberReasons(reading, candidate)
  reasons.push(...number.reasons)

  const clientIds = [...new Set(invoices.map((invoice) => invoice.client.id))]
  const own = clientIds.length === 1 ? (reading.links.get(clientIds[0] as string) ?? []) : []
  const { reasons: linked, strongest } = linkReasons(own)
  reasons.push(...linked)
  if (
    strongest === null &&
    number.named &&
    [...reading.links].some(
      ([id, links]) =>
        !clientIds.includes(id) && links.some((link) => link.kind === 'payer_name' || link.kind === 'known_payer'),
    )
  ) {
    add('payer_is_other_client', weights.othersNumber, 'The payer is known as another client.')
  }

  const compare = (sign: Sign | undefined, code: string, weight: readonly [number, number], what: string): void => {
    if (sign === 1) add(code, weight[0], `The text names this ${what}.`)
    if (sign === -1) add(code, weight[1], `The text names another ${what}.`)
  }
  compare(contrast?.domain, 'text_names_domain', [weights.service, weights.otherDomain], 'domain')
  if (contrast?.domain === 0)
    compare(contrast.service, 'text_names_service', [weights.service, weights.otherService], 'service')
  compare(contrast?.month, 'text_names_period', [weights.month, weights.otherMonth], 'period')
  compare(
    contrast?.slip,
    'number_nearly_named',
    [weights.nearlyNumber, -weights.nearlyNumber],
    'number, but for a slip of the pen',
  )
  if (candidate.newerEqual && !number.named && contrast?.slip !== 1) {
    add(
      'older_equal_invoice_open',
      weights.newerEqual,
      'An equal invoice of the same service comes first: it is older, or the text names its month.',
    )
  }
  if (candidate.everythingOpen)
    add('everything_open', weights.everythingOpen, 'It is the sum of everything the client owes.')

  const date = invoices.reduce((latest, invoice) => (invoice.date > latest ? invoice.date : latest), '')
  const early = date !== '' && daysBetween(transaction.date, date) > earlyDays && contrast?.named !== true
  if (early) add('before_invoice', weights.beforeInvoice, 'The money came before the invoice.')
  const due = invoices.reduce(
    (first, invoice) =>
      first === '' || (invoice.dueDate || invoice.date) < first ? invoice.dueDate || invoice.date : first,
    '',
  )
  if (!number.named && due !== '' && daysBetween(due, transaction.date) > policy.dateWindowDays) {
    add('outside_date_window', weights.tooOld, 'The invoice was due long before.')
  }
  if (strongest === null && mentions.length === 0 && candidate.sameAmount > 1) {
    add('amount_not_unique', -Math.log(candidate.sameAmount), 'Other open invoices have this amount.')
  }
  if (reading.otherPurpose !== null)
    add('other_purpose', weights.otherPurpose, `The text says ${reading.otherPurpose}.`)
  if (reading.collector) add('collecting_account', weights.collector, 'The payer is a collecting account.')
  const logOdds = reasons.reduce((sum, reason) => sum + reason.weight, 0)
  return { candidate, reasons, logOdds, link: strongest, named: number.named, early }
}
