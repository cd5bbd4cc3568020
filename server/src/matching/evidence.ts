import type { Candidate } from './candidates.ts'
import type { Contrast } from './clues.ts'
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
  over: ['amount_over', 'More came than is open; the surplus stays unallocated.'],
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
}

/** How many days before its invoice money may come without naming a service (bank and billing clocks differ). */
const earlyDays = 3

function linkReasons(links: readonly Link[]): { reasons: Reason[]; strongest: Link | null } {
  const sorted = [...links].sort(
    (left, right) => weights.link[right.kind] - weights.link[left.kind] || (left.kind < right.kind ? -1 : 1),
  )
  const reasons = sorted.slice(0, 3).map((link, at) => ({
    code: linkTexts[link.kind][0],
    weight: at === 0 ? weights.link[link.kind] : weights.linkMore,
    text: linkTexts[link.kind][1],
  }))
  return { reasons, strongest: sorted[0] ?? null }
}

function numberReasons(reading: Reading, candidate: Candidate): { reasons: Reason[]; named: boolean } {
  const { mentions, invoices } = candidate
  if (mentions.length === 0 || mentions.length < Math.min(2, invoices.length)) return { reasons: [], named: false }
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
  const { invoices, fit } = candidate
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

  if (contrast !== undefined && contrast.service !== 0) {
    add(
      'text_names_service',
      contrast.service > 0 ? weights.service : weights.otherNamed,
      contrast.service > 0 ? 'The text names this service.' : 'The text names another service.',
    )
  }
  if (contrast !== undefined && contrast.month !== 0) {
    add(
      'text_names_period',
      contrast.month > 0 ? weights.month : weights.otherNamed,
      contrast.month > 0 ? 'The text names this period.' : 'The text names another period.',
    )
  }
  if (contrast !== undefined && contrast.slip !== 0) {
    add(
      'number_nearly_named',
      contrast.slip > 0 ? weights.nearlyNumber : -weights.nearlyNumber,
      contrast.slip > 0
        ? "A number in the text is a slip of the pen away from this invoice's."
        : "A number in the text is nearer to another invoice's.",
    )
  }
  if (candidate.newerEqual && !number.named && contrast?.month !== 1 && contrast?.slip !== 1) {
    add('older_equal_invoice_open', weights.newerEqual, 'An equal invoice of the same service is older.')
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
  if (reading.otherPurpose !== null)
    add('other_purpose', weights.otherPurpose, `The text says ${reading.otherPurpose}.`)
  if (reading.collector) add('collecting_account', weights.collector, 'The payer is a collecting account.')
  const logOdds = reasons.reduce((sum, reason) => sum + reason.weight, 0)
  return { candidate, reasons, logOdds, link: strongest, named: number.named, early }
}
