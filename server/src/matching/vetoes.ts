import { type Book, isPayable } from './book.ts'
import type { Weighed } from './evidence.ts'
import type { Ledger } from './ledger.ts'
import { isByPayer, type Reading } from './links.ts'
import { nameWords } from './name-words.ts'
import { isFull } from './proposals.ts'
import { standsAlone } from './references.ts'
import type { MatchPolicy, Reason } from './types.ts'

/** Vetoes that come from settings, or from where the money came: the reading is as likely as without them. */
export const saysNothing: ReadonlySet<string> = new Set([
  'card_charge_not_in_billing',
  'veto_max_amount',
  'veto_start_on',
])

/** What forbids applying a reading without a person, however likely it is. */
export function vetoes(weighed: Weighed, reading: Reading, policy: MatchPolicy, book: Book): Reason[] {
  const { transaction } = reading
  const { candidate } = weighed
  const found: Reason[] = []
  const veto = (code: string, text: string): void => {
    found.push({ code, weight: 0, text })
  }
  if (transaction.viaGateway === true && candidate.invoices.some((invoice) => invoice.recordsGateways === true))
    veto(
      'card_charge_not_in_billing',
      'The billing system does not show this card payment; its gateway may still record it.',
    )
  if (candidate.currencyDiffers && !(policy.acrossCurrencies && candidate.fit === 'printed')) {
    veto('veto_currency', 'The money is in another currency than the invoice.')
  }
  if (candidate.invoices.some((invoice) => invoice.status !== 'unpaid'))
    veto('veto_status', 'The invoice is with collections or a payment is under way.')
  if (policy.maxAutoAmountMinor !== undefined && transaction.amountMinor > policy.maxAutoAmountMinor) {
    veto('veto_max_amount', 'The amount is larger than what is applied without a person.')
  }
  if (policy.startOn !== undefined && transaction.date < policy.startOn)
    veto('veto_start_on', 'The money is older than the day Payymo began.')
  if (['close', 'fee', 'over', 'part'].includes(candidate.fit) && !(weighed.named && weighed.link !== null))
    veto('veto_amount_differs', 'Another amount than is open needs the invoice to be named and the payer to be known.')
  if (candidate.invoices.some((invoice) => reading.refused.has(invoice.client.id)))
    veto('veto_refused_before', "A person refused this payer's money for the client.")
  if (
    reading.otherPurpose !== null &&
    !candidate.invoices.some((invoice) => reading.links.get(invoice.client.id)?.some(isByPayer) === true)
  )
    veto('veto_other_purpose', 'The text or the payer speaks of other money, and the payer is not known.')
  if (candidate.invoices.length > 1 && owed(candidate) > transaction.amountMinor && candidate.fit !== 'sum')
    veto('veto_list_short', 'The money is less than the invoices owe together, and nothing says which stays open.')
  if (weighed.half) veto('veto_half_a_name', 'Only part of a name, or a name that others bear, points to the client.')
  if (!weighed.named && weighed.link === null) veto('veto_amount_only', 'Nothing but the amount points to the invoice.')
  if (weighed.early && !(weighed.named && weighed.link !== null))
    veto('veto_before_invoice', 'The money came before the invoice and names no service.')
  const ids = new Set(candidate.invoices.map((invoice) => invoice.id))
  if ([...ids].some((id) => book.collects.get(id)?.some((part) => ids.has(part))))
    veto('veto_container', 'A collective invoice and its parts would both be paid.')
  return found
}

/** A second reading this near to the best makes a line ambiguous whatever its confidence. */
const marginLogOdds = 4

/** Whether another reading is so good that a person must choose. `all`: every reading that was weighed, best first. */
export function isAmbiguous(
  top: Weighed,
  all: readonly Weighed[],
  shown: readonly Weighed[],
  reading: Reading,
  book: Book,
  ledger: Ledger,
): boolean {
  const second = shown.find((other) => other !== top && !isPartOf(other, top, reading))
  const near =
    second !== undefined && top.logOdds - second.logOdds < marginLogOdds && !namesAnother(top, second, reading, book)
  // A number with its very amount is never outvoted by another client's name with the same amount, nor the other way round.
  const split = all.some(
    (other) =>
      other !== top &&
      isFull(other) &&
      isFull(top) &&
      other.named !== top.named &&
      clientOf(other) !== clientOf(top) &&
      (!(top.named && top.link !== null) || (reading.tied.has(clientOf(other)) && !reading.tied.has(clientOf(top)))),
  )
  // The owner of an account that pays for several may mean any of them.
  const isShared = (one: Weighed): boolean =>
    !one.named && reading.links.get(clientOf(one))?.some((link) => link.kind === 'known_shared') === true
  const shared =
    isShared(top) &&
    all.some(
      (other) =>
        isFull(other) &&
        isFull(top) &&
        clientOf(other) !== clientOf(top) &&
        isShared(other) &&
        !namesAnother(top, other, reading, book),
    )
  return near || split || shared || namesTaken(book, reading, ledger, top)
}

/** The other pays some of the invoices that the text names, where the money is enough for all of them. */
function isPartOf(other: Weighed, top: Weighed, { transaction }: Reading): boolean {
  const all = top.candidate.invoices
  const some = other.candidate.invoices
  return (
    top.named &&
    some.length < all.length &&
    some.every((invoice) => all.includes(invoice)) &&
    owed(top.candidate) <= transaction.amountMinor
  )
}

/** The text names the one client, who is not the payer, and says nothing of the other: Anna pays from the account that she shares
 *  with Jan, and writes "Jan Meyer". */
function namesAnother(top: Weighed, other: Weighed, reading: Reading, book: Book): boolean {
  const client = book.clients.get(clientOf(top))
  const rival = book.clients.get(clientOf(other))
  if (client === undefined || rival === undefined || client === rival) return false
  const isNamed = (id: string): boolean => reading.links.get(id)?.some(({ kind }) => kind === 'named_in_text') === true
  if (!isNamed(client.id) || isNamed(rival.id) || reading.namesakes.text > 1) return false
  const theirs = new Set([...reading.line.payers, rival.name, rival.company].flatMap(nameWords))
  const own = nameWords(client.name).filter((word) => !theirs.has(word))
  const text = new Set(reading.line.texts.flatMap(nameWords))
  return own.some((word) => word.length > 2 && text.has(word))
}

/** The text gives the number of another client's invoice that owed just this amount until another line paid it: either line
 *  may be the one that was meant for it. */
function namesTaken(book: Book, reading: Reading, ledger: Ledger, top: Weighed): boolean {
  if (top.named) return false
  return reading.mentions.some((mention) => {
    const invoice = book.invoices.get(mention.invoiceId)
    return (
      invoice !== undefined &&
      standsAlone(mention, false) &&
      invoice.client.id !== clientOf(top) &&
      invoice.balanceMinor === reading.transaction.amountMinor &&
      isPayable(invoice) &&
      ledger.left(invoice) < invoice.balanceMinor
    )
  })
}

const owed = ({ invoices, currencyDiffers }: Weighed['candidate']): bigint =>
  currencyDiffers ? 0n : invoices.reduce((sum, invoice) => sum + invoice.balanceMinor, 0n)

const clientOf = (weighed: Weighed): string => weighed.candidate.invoices[0]?.client.id ?? ''
