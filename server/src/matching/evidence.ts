import type { Candidate } from './candidate.ts'
import type { Contrast } from './clues.ts'
import { amountTexts, linkTexts } from './evidence-texts.ts'
import { isWhole, type Link, type LinkKind, type Reading } from './links.ts'
import { type Mention, standsAlone } from './references.ts'
import { amountSignals, linkSignals, mentionSignal, mentionWeight, moreSignals, namedAmountSignals } from './signals.ts'
import { daysBetween } from './text.ts'
import type { MatchInvoice, MatchPolicy, Reason } from './types.ts'
import type { Signal, Weights } from './weights.ts'

/** One finding: which signal, how strongly it shows (1 is plainly), and how it is told. */
export interface Finding extends Reason {
  signal: Signal
  value: number
}

/** A reading with its evidence. The weights of the reasons add up to `logOdds`. */
export interface Weighed {
  candidate: Candidate
  reasons: Finding[]
  logOdds: number
  /** The strongest link to the client, if any. */
  link: Link | null
  /** The text names all its invoices in a way that stands on its own. */
  named: boolean
  /** Dated before its invoice without naming what it pays. */
  early: boolean
  /** Nothing but half a name, or a name that others bear as well, ties it to the client. */
  half: boolean
}

/** How many days before its invoice money may come without naming a service (bank and billing clocks differ). */
const earlyDays = 3

type Add = (signal: Signal, code: string, text: string, value?: number) => void

function addLinks(links: readonly Link[], weights: Weights, add: Add): Link | null {
  const [only, another] = links
  if (only === undefined) return null
  if (another === undefined) {
    add(linkSignals[only.kind], linkTexts[only.kind][0], linkTexts[only.kind][1])
    return only
  }
  const sorted = [...links].sort(
    (left, right) =>
      weights[linkSignals[right.kind]] - weights[linkSignals[left.kind]] || (left.kind < right.kind ? -1 : 1),
  )
  const seen = new Set<Signal>()
  sorted.forEach(({ kind }, at) => {
    const more = moreSignals[kind]
    const signal = at === 0 ? linkSignals[kind] : seen.has(more) ? 'more.same' : more
    seen.add(more)
    // A partly agreeing name adds less to another kind of evidence than a whole one.
    add(signal, linkTexts[kind][0], linkTexts[kind][1], at > 0 && kind === 'payer_name_partly' ? 0.6 : 1)
  })
  return sorted[0] ?? null
}

function addNumbers(candidate: Candidate, add: Add): boolean {
  const { mentions, invoices } = candidate
  if (mentions.length === 0 || (mentions.length < Math.min(2, invoices.length) && !candidate.completed)) return false
  const isYearLike = (mention: Mention): boolean => {
    const invoice = invoices.find((one) => one.id === mention.invoiceId)
    return (
      mention.announced !== 'invoice' &&
      mention.coverage === 'digits' &&
      /^(?:19|20)\d\d$/.test(invoice?.number || invoice?.id || '')
    )
  }
  const weakest = mentions.reduce((low, mention) => (mentionWeight(mention) < mentionWeight(low) ? mention : low))
  add(mentionSignal(weakest), 'reference_contains_invoice_id', 'The text names the invoice.')
  if (weakest.broken && weakest.coverage !== 'whole')
    add('number.broken', 'number_in_pieces', 'The number stands in pieces.')
  const yearLike = mentions.some(isYearLike)
  if (yearLike) add('number.yearLike', 'number_may_be_year', 'The number may be a year.')
  if (mentions.length > 1)
    add(
      'number.more',
      'reference_contains_invoice_id',
      'The text names the others, too.',
      Math.min(3, mentions.length - 1),
    )
  const missing = candidate.ranged ? 0 : invoices.length - mentions.length
  if (missing > 0) add('number.incomplete', 'number_not_named', 'Not every invoice is named.', Math.min(3, missing))
  return mentions.every((mention) => standsAlone(mention, isYearLike(mention)))
}

/** Whether the text plainly names an open invoice of the same client that this reading leaves out. */
function ignoresNumber(reading: Reading, candidate: Candidate): boolean {
  const clientId = candidate.invoices[0]?.client.id
  return reading.openNamed.some((invoice) => invoice.client.id === clientId && !candidate.invoices.includes(invoice))
}

/** Whether the text announces a number as long as this invoice's that is nobody's and not near it. */
function givesUnknownNumber(reading: Reading, candidate: Candidate, contrast: Contrast | undefined): boolean {
  if (reading.loose.length === 0 || contrast === undefined) return false
  if (contrast.near || contrast.slip > 0 || contrast.cut > 0) return false
  const printed = (candidate.invoices[0]?.number || candidate.invoices[0]?.id || '').replace(/\D/g, '')
  return reading.loose.some(
    ({ digits, announced }) => announced === 'invoice' && digits.length >= 4 && digits.length === printed.length,
  )
}

/** Adds up what speaks for and against one reading, before it is compared with the others. */
export function weigh(
  reading: Reading,
  candidate: Candidate,
  contrast: Contrast | undefined,
  policy: MatchPolicy,
): Weighed {
  const { invoices, fit, mentions } = candidate
  const { weights } = reading
  const reasons: Finding[] = []
  const add: Add = (signal, code, text, value = 1) => {
    reasons.push({ signal, value, code, weight: weights[signal] * value, text })
  }
  add('prior', 'prior', 'The chance of any open invoice, before looking.')
  const named = addNumbers(candidate, add)
  add((named ? namedAmountSignals : amountSignals)[fit], amountTexts[fit][0], amountTexts[fit][1])
  if (ignoresNumber(reading, candidate))
    add('number.ignored', 'another_invoice_named', 'The text names another open invoice of the client.')

  if (!named && givesUnknownNumber(reading, candidate, contrast))
    add('number.unknown', 'number_not_known', 'The text gives a number of an invoice that is none of these.')

  if (candidate.restPaysOthers)
    add('number.ignored', 'rest_pays_others', 'What is left over is just what other invoices of the client come to.')

  const first = invoices[0]
  const clientIds =
    invoices.length === 1 && first !== undefined
      ? [first.client.id]
      : [...new Set(invoices.map((invoice) => invoice.client.id))]
  const own = clientIds.length === 1 ? (reading.links.get(clientIds[0] as string) ?? []) : []
  const strongest = addLinks(own, weights, add)
  addNamesakes(reading, own, named, add)
  const gives = anyLink(reading, ({ kind }) => kind === 'customer_number')
  if (gives && own.length > 0 && !own.some((link) => link.kind === 'customer_number'))
    add('customer.against', 'text_names_other_customer', 'The text gives the customer number of another client.')
  if (
    strongest === null &&
    named &&
    anyLink(reading, ({ kind }, id) => !clientIds.includes(id) && (kind === 'payer_name' || kind === 'known_payer'))
  )
    add('payer.other', 'payer_is_other_client', 'The payer is known as another client.')
  if (strongest === null && mentions.length === 0 && anyLink(reading, isWhole))
    add('others.linked', 'other_client_meant', 'The line points to another client.')
  if (clientIds.some((id) => reading.refused.has(id)))
    add('payer.refused', 'payer_refused_before', "This payer's money was refused for the client before.")

  if (contrast !== undefined) addContrast(contrast, add)
  if (candidate.newerEqual && !named && (contrast?.slip ?? 0) <= 0)
    add(
      'older.equal',
      'older_equal_invoice_open',
      'An equal invoice of the same service comes first: it is older, or the text names its month.',
    )
  if (candidate.everythingOpen)
    add('everything.open', 'everything_open', 'It is the sum of everything the client owes.')

  const days = daysOf(reading, invoices, policy)
  const early = days.before && contrast?.named() !== true
  if (early) add('before.invoice', 'before_invoice', 'The money came before the invoice.')
  if (!named && days.longAfter)
    add(
      strongest === null ? 'tooOld.unlinked' : 'tooOld.linked',
      'outside_date_window',
      'The invoice was due long before.',
    )
  if (strongest === null && mentions.length === 0)
    add('amount.alone', 'nothing_but_amount', 'Nothing but the amount points to it.')
  if (strongest === null && mentions.length === 0 && candidate.sameAmount > 1)
    add('amount.shared', 'amount_not_unique', 'Other open invoices have this amount.', Math.log(candidate.sameAmount))
  if (reading.otherPurpose !== null) add('other.purpose', 'other_purpose', `The text says ${reading.otherPurpose}.`)
  if (reading.collector && !isPassedOn(reading, candidate, own))
    add('collector', 'collecting_account', 'The payer is a collecting account.')
  const logOdds = reasons.reduce((sum, reason) => sum + reason.weight, 0)
  const half =
    !named &&
    contrast?.near !== true &&
    own.length > 0 &&
    !isTwoHalves(own) &&
    own.every(
      ({ kind }) =>
        kind === 'payer_name_partly' ||
        kind === 'partly_in_text' ||
        kind === 'closed_number' ||
        kind === 'customer_number' ||
        (kind === 'payer_name' && reading.namesakes.payer > commonName) ||
        (kind === 'named_in_text' && reading.namesakes.text > 1),
    )
  return { candidate, reasons, logOdds, link: strongest, named, early, half }
}

/** Weighs readings of a line that are compared with each other. */
export const weighAll = (
  reading: Reading,
  candidates: readonly Candidate[],
  compared: ReadonlyMap<Candidate, Contrast>,
  policy: MatchPolicy,
): Weighed[] => candidates.map((candidate) => weigh(reading, candidate, compared.get(candidate), policy))

/** Whether money came before the newest of the invoices, and whether long after the first was due. */
export interface Days {
  before: boolean
  longAfter: boolean
}

/** Days are YYYY-MM-DD: when the money came, when the newest invoice was written, and when the first was due. */
export function daysFrom(paidOn: string, newestOn: string, firstDueOn: string, policy: MatchPolicy): Days {
  // Most days are told apart as they are written.
  return {
    before: newestOn > paidOn && daysBetween(paidOn, newestOn) > earlyDays,
    longAfter: firstDueOn !== '' && firstDueOn < paidOn && daysBetween(firstDueOn, paidOn) > policy.dateWindowDays,
  }
}

function daysOf({ transaction }: Reading, invoices: readonly MatchInvoice[], policy: MatchPolicy): Days {
  const [only, another] = invoices
  return another === undefined && only !== undefined
    ? daysFrom(transaction.date, only.date, dueOf(only), policy)
    : daysFrom(transaction.date, latestOf(invoices), earliestDueOf(invoices), policy)
}

export const dueOf = ({ dueDate, date }: MatchInvoice): string => dueDate || date

const latestOf = (invoices: readonly MatchInvoice[]): string =>
  invoices.reduce((latest, { date }) => (date > latest ? date : latest), '')

const earliestDueOf = (invoices: readonly MatchInvoice[]): string =>
  invoices.map(dueOf).reduce((earliest, due) => (earliest === '' || due < earliest ? due : earliest), '')

/** Whether the line points to any client in this way. Asked for each reading: no lists are made for it. */
function anyLink({ links }: Reading, is: (link: Link, clientId: string) => boolean): boolean {
  for (const [clientId, list] of links) for (const link of list) if (is(link, clientId)) return true
  return false
}

/** Whether a payment app passes on one client's payment: the text names the invoice as one, or nobody but this client. */
function isPassedOn(reading: Reading, { mentions, invoices }: Candidate, own: readonly Link[]): boolean {
  if (!reading.paymentApp) return false
  if (own.some(({ kind }) => kind === 'named_in_text') && reading.namesakes.text === 1) return true
  return (
    mentions.length >= invoices.length &&
    mentions.every(({ announced, coverage, guessed }) => announced === 'invoice' && coverage !== 'tail' && !guessed)
  )
}

/** A name in part beside the client's number, or beside the number of an invoice of theirs, is no longer half. A surname with an
 *  initial stays half: whoever bears it has a number, too. */
const isTwoHalves = (links: readonly Link[]): boolean =>
  links.some(({ kind, fit }) => (kind === 'payer_name_partly' || kind === 'partly_in_text') && fit !== 'initial') &&
  links.some(({ kind }) => kind === 'customer_number' || kind === 'closed_number')

/** A name that more clients than this bear points to nobody by itself. */
const commonName = 3

/** A name that others bear as well says less; in running text, where anybody may be named, still less. */
function addNamesakes(reading: Reading, own: readonly Link[], named: boolean, add: Add): void {
  const { payer, text } = reading.namesakes
  const bears = (kind: LinkKind): boolean => own.some((link) => link.kind === kind)
  if (named) return
  if (bears('payer_name') && payer > 1)
    add('namesakes.payer', 'name_not_unique', 'Other clients bear the name.', Math.log(payer))
  else if (bears('named_in_text') && text > 1)
    add('namesakes.text', 'name_not_unique', 'Other clients bear the name in the text.', Math.log(text))
}

function addContrast(contrast: Contrast, add: Add): void {
  const compare = (
    what: 'client' | 'domain' | 'service' | 'month' | 'slip' | 'cut',
    value: number,
    code: string,
    name: string,
  ) => {
    if (value > 0) add(`${what}.for`, code, `The text names this ${name}.`, value)
    if (value < 0) add(`${what}.against`, code, `The text names another ${name}.`, -value)
  }
  compare('client', contrast.client, 'text_names_client', 'client')
  compare('domain', contrast.domain, 'text_names_domain', 'domain')
  if (contrast.domain === 0) compare('service', contrast.service, 'text_names_service', 'service')
  compare('month', contrast.month, 'text_names_period', 'period')
  compare('slip', contrast.slip, 'number_nearly_named', 'number, but for a slip of the pen')
  compare('cut', contrast.cut, 'number_begins_so', 'number as far as it was not cut off')
  if (contrast.near) add('slip.near', 'number_nearly_named', 'A number in the text is one slip away.')
}
