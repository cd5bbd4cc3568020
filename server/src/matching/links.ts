import { type Columns, noColumns } from './columns.ts'
import { type Unclear, unclearness } from './doubts.ts'
import { type Book, domainKey, isCollector, isPayable, isPaymentApp, payerKeys, payerOf } from './book.ts'
import { codesOf } from './labels.ts'
import { findNames, type NameFit } from './names.ts'
import { mentionWeight } from './evidence.ts'
import { namedDays, namedMonths, namedYears, type NamedMonth } from './periods.ts'
import { findMentions, type LooseNumber, type Mention, standsAlone } from './references.ts'
import { readLine, type ReadLine } from './layout.ts'
import { monthWords } from './lexicon.ts'
import { institutionIn, otherPurposeIn } from './purposes.ts'
import { daysBetween, fold, words } from './text.ts'
import type { MatchInvoice, MatchTransaction } from './types.ts'
import type { Weights } from './weights.ts'

/** How a line points to a client. */
export type LinkKind =
  | 'known_payer'
  | 'known_once'
  | 'known_shared'
  | 'payer_name'
  | 'payer_name_partly'
  | 'named_in_text'
  | 'partly_in_text'
  | 'closed_number'
  | 'customer_number'
  | 'domain'
  | 'email'

export interface Link {
  kind: LinkKind
  fit?: NameFit
}

/** Everything that one line says, looked up in the book but not yet weighed. */
export interface Reading {
  transaction: MatchTransaction
  line: ReadLine
  /** Why the text may have said more than can be read, or null. */
  unclear: Unclear | null
  mentions: Mention[]
  /** The strongest mention of each invoice, in the order of the text. */
  best: ReadonlyMap<string, Mention>
  loose: LooseNumber[]
  /** The same without those of the bank's own code for the payment. */
  unexplained: LooseNumber[]
  links: Map<string, Link[]>
  months: NamedMonth[]
  /** Days and years that the text names. */
  days: readonly string[]
  years: readonly number[]
  /** The running text's words, for naming services. */
  textWords: Set<string>
  domains: Set<string>
  /** A word that says the money is for something else, or null. */
  otherPurpose: string | null
  collector: boolean
  /** It is one through which single people pay. */
  paymentApp: boolean
  /** How many clients bear the payer's name, and how many the name in the text. */
  namesakes: { payer: number; text: number }
  /** Clients for whom a person refused this payer's money as often as it was accepted. */
  refused: Set<string>
  /** Clients whose name fits the payer's in any way. */
  alike: Set<string>
  /** Open invoices whose numbers the text plainly gives. */
  openNamed: MatchInvoice[]
  /** Clients that a past decision ties to this payer, be it only by a name that others bear. */
  tied: Set<string>
  /** What each finding is worth for this tenant. */
  weights: Weights
}

/** A day this near to the booking is the bank's. */
const bookingDays = 3

/** The banks' own codes have more digits than numbers of invoices. */
const codeDigits = 12

/** A name that more clients bear tells nobody, and weighing them all would take long. */
export const namesakesMax = 30

/** An address of more clients than this is an agency's or a reseller's. */
const clientsPerAddressMax = 2

/** Payers for more clients than this are agencies or collecting accounts: their account names nobody. */
const clientsPerPayerMax = 4

/** Half of a decision's worth is gone after two years: payers change their accounts, and clients their payers. */
const halfLifeDays = 730

const agedCount = (dates: readonly string[], today: string): number =>
  dates.reduce((sum, date) => sum + 2 ** (-Math.max(0, daysBetween(date, today) || 0) / halfLifeDays), 0)

/** What past decisions say of this payer. An account is a person's or a company's; a name alone is also anybody else's who
 *  bears it, so that it tells nothing where another client would be called the same. */
function memoryLinks(book: Book, reading: Reading): Map<string, LinkKind> {
  const { transaction, line } = reading
  const known = new Map<string, LinkKind>()
  if (book.memory.size === 0) return known
  for (const key of payerKeys(payerOf(transaction, line), line.payers)) {
    const memory = book.memory.get(key)
    if (memory === undefined) continue
    const isAccount = key.startsWith('iban ')
    const hasAccount = (payerOf(transaction, line).iban ?? '') !== ''
    const tied = [...memory.clients].flatMap(([clientId, tally]) => {
      const told = tally.accepted.filter((one) => isAccount || !(hasAccount && one.account))
      const accepted = agedCount(
        told.map((one) => one.date),
        transaction.date,
      )
      if (tally.refused.length > 0 && agedCount(tally.refused, transaction.date) >= accepted) {
        reading.refused.add(clientId)
        return []
      }
      // An account that was understood only because its texts named the client is no evidence by itself.
      return accepted === 0 ? [] : [{ clientId, accepted, unnamed: told.some((one) => !one.named) }]
    })
    for (const { clientId } of tied) reading.tied.add(clientId)
    if (tied.length > clientsPerPayerMax) continue
    if (!isAccount && (tied.length > 1 || [...reading.alike].some((clientId) => clientId !== tied[0]?.clientId)))
      continue
    for (const { clientId, accepted, unnamed } of tied) {
      if (tied.length > 1) known.set(clientId, 'known_shared')
      else if (unnamed && !known.has(clientId)) known.set(clientId, accepted > 1 ? 'known_payer' : 'known_once')
    }
  }
  return known
}

/** The clients worth weighing: of too many namesakes only those that owe just this amount. */
function fewNames(
  book: Book,
  { transaction }: Reading,
  found: ReadonlyMap<string, NameFit>,
): ReadonlyMap<string, NameFit> {
  if (found.size <= namesakesMax) return found
  const owing = [...found].filter(([clientId]) =>
    (book.byClient.get(clientId) ?? []).some(
      (invoice) =>
        isPayable(invoice) &&
        invoice.balanceMinor === transaction.amountMinor &&
        invoice.currency === transaction.currency,
    ),
  )
  return owing.length > namesakesMax ? new Map() : new Map(owing)
}

const isWhole = (fit: NameFit): boolean => fit === 'full' || fit === 'compact'

function countWhole(found: ReadonlyMap<string, NameFit>): number {
  let count = 0
  for (const fit of found.values()) if (isWhole(fit)) count += 1
  return count
}

const domainLike = /[A-Z0-9][A-Z0-9-]*(?:[.,][A-Z0-9-]+)*[.,][A-Z]{2,}/g

function domainLinks(
  book: Book,
  text: string,
  domains: Set<string>,
  add: (clientId: string, link: Link) => void,
): void {
  const look = (token: string): void => {
    // None is indexed that begins with a digit, and few words end as domains do.
    const first = token.charCodeAt(0)
    if ((first >= 48 && first <= 57) || !book.domainEnds.has(token.slice(-2))) return
    const key = domainKey(token.replace(/^WWW[.,]/, ''))
    const holders = book.byDomain.get(key)
    if (holders === undefined || holders.size > 2) return
    domains.add(key)
    for (const clientId of holders) add(clientId, { kind: 'domain' })
  }
  if (text.includes('.') || text.includes(',')) text.match(domainLike)?.forEach(look)
  text.match(/[A-Z0-9-]{6,}/g)?.forEach(look)
}

const mailLike = /[^\s<>()[\],;:"]+@[^\s<>()[\],;:"]*[^\s<>()[\],;:".]/g

/** Whole mail addresses, as card payments bring them. */
function mailLinks(book: Book, text: string, add: (clientId: string, link: Link) => void): void {
  if (!text.includes('@')) return
  for (const [address] of text.matchAll(mailLike)) {
    const holders = book.byEmail.get(address)
    if (holders === undefined || holders.size > clientsPerAddressMax) continue
    for (const clientId of holders) add(clientId, { kind: 'email' })
  }
}

const namesOf = (book: Book, links: ReadonlyMap<string, readonly Link[]>): string[] =>
  [...links.keys()].flatMap((clientId) => {
    const client = book.clients.get(clientId)
    return client === undefined ? [] : [client.name, client.company]
  })

/** Notes a link, each kind once. */
export function addLink(reading: Reading, clientId: string, link: Link): void {
  const links = reading.links.get(clientId)
  if (links === undefined) reading.links.set(clientId, [link])
  else if (!links.some((other) => other.kind === link.kind)) links.push(link)
}

/** Whether a text is the reference with the bank's own code: of many digits, or repeated in the bank's own fields alone. */
function isBankCode({ reference, description }: MatchTransaction, text: string, line: ReadLine): boolean {
  if (text !== fold(reference)) return false
  if (reference.replace(/\D/g, '').length >= codeDigits || /^[0-9A-F]{12,}$/.test(text)) return true
  // Where the description holds it as what the payer wrote, it is no code.
  return fold(description).includes(text) && line.texts.filter((other) => other.includes(text)).length === 1
}

function wordsOf(texts: readonly string[]): Set<string> {
  const found = new Set<string>()
  for (const text of texts) for (const word of words(text)) found.add(word)
  return found
}

/** The first of the words that is among those of a lexicon, or null. */
function firstOf(list: ReadonlySet<string>, known: { has(word: string): boolean }): string | null {
  for (const word of list) if (known.has(word)) return word
  return null
}

const noMentions: ReadonlyMap<string, Mention> = new Map()

function bestMentions(mentions: readonly Mention[]): ReadonlyMap<string, Mention> {
  if (mentions.length === 0) return noMentions
  const best = new Map<string, Mention>()
  for (const mention of mentions) {
    const old = best.get(mention.invoiceId)
    if (old === undefined || mentionWeight(mention) > mentionWeight(old)) best.set(mention.invoiceId, mention)
  }
  return best
}

/** Reads one line against the book. `columns`: what its lines tell together. */
export function readAgainst(book: Book, transaction: MatchTransaction, columns: Columns = noColumns): Reading {
  const line = readLine(transaction, columns.wraps)
  const isBooking = (day: string): boolean => Math.abs(daysBetween(day, transaction.date)) <= bookingDays
  const reading: Reading = {
    transaction,
    line,
    unclear: unclearness(transaction, columns),
    mentions: [],
    best: noMentions,
    loose: [],
    unexplained: [],
    links: new Map(),
    months: [],
    // Banks print the day of the payment.
    days: line.texts
      .flatMap(namedDays)
      .filter(({ readings, ofInvoice }) => ofInvoice || !readings.some(isBooking))
      .flatMap(({ readings }) => readings),
    years: line.texts.flatMap(namedYears),
    textWords: wordsOf(line.texts),
    domains: new Set(),
    otherPurpose: null,
    collector: line.payers.some(isCollector),
    paymentApp: line.payers.some(isPaymentApp),
    namesakes: { payer: 0, text: 0 },
    refused: new Set(),
    openNamed: [],
    alike: new Set(),
    tied: new Set(),
    weights: book.weights,
  }
  const add = (clientId: string, link: Link): void => addLink(reading, clientId, link)
  const codes = codesOf(transaction, columns.labels).map((code) => code.replace(/^[^1-9]+/, ''))
  line.texts.forEach((text, field) => {
    const { mentions, loose } = findMentions(book.references, text, line.breaks[field] ?? [], field, columns.labels)
    reading.mentions.push(...mentions)
    reading.loose.push(...loose)
    if (!isBankCode(transaction, text, line))
      reading.unexplained.push(...loose.filter(({ digits }) => !codes.some((code) => code.includes(digits))))
    domainLinks(book, text, reading.domains, add)
    mailLinks(book, text, add)
    const named = findNames(book.names, text, false)
    const role = line.payers.length === 0 ? 'payer' : 'text'
    reading.namesakes[role] = Math.max(reading.namesakes[role], countWhole(named))
    for (const [clientId, fit] of fewNames(book, reading, named)) {
      // Where the bank prints no payer, the text is all there is and begins with the payer's name.
      if (line.payers.length === 0)
        add(clientId, { kind: fit === 'initial' || fit === 'single' ? 'payer_name_partly' : 'payer_name', fit })
      else if (fit === 'full') add(clientId, { kind: 'named_in_text', fit })
      else if (fit !== 'initial') add(clientId, { kind: 'partly_in_text', fit })
    }
  })
  if (!reading.collector) {
    for (const payer of line.payers) {
      mailLinks(book, payer, add)
      const named = findNames(book.names, payer, true)
      for (const clientId of named.keys()) reading.alike.add(clientId)
      reading.namesakes.payer = Math.max(reading.namesakes.payer, countWhole(named))
      for (const [clientId, fit] of fewNames(book, reading, named)) {
        add(clientId, { kind: fit === 'initial' || fit === 'single' ? 'payer_name_partly' : 'payer_name', fit })
      }
    }
    const known = memoryLinks(book, reading)
    for (const [clientId, kind] of known) add(clientId, { kind })
    // An account that pays for several clients belongs to one of them: its owner's name does not say for whom it pays.
    for (const [clientId, kind] of known) {
      const links = reading.links.get(clientId)
      if (kind === 'known_shared' && links !== undefined)
        reading.links.set(
          clientId,
          links.filter((link) => !link.kind.startsWith('payer_name')),
        )
    }
  }
  reading.best = bestMentions(reading.mentions)
  for (const mention of reading.mentions) {
    const invoice = book.invoices.get(mention.invoiceId)
    if (invoice === undefined || !standsAlone(mention, false)) continue
    if (isPayable(invoice) && !book.collects.has(invoice.id)) reading.openNamed.push(invoice)
    else if (!isPayable(invoice)) add(invoice.client.id, { kind: 'closed_number' })
  }
  for (const { digits, announced, payloads } of reading.loose) {
    if (announced === 'customer' && book.clients.has(digits)) add(digits, { kind: 'customer_number' })
    for (const payload of payloads)
      if (payload.length > 2 && book.clients.has(payload)) add(payload, { kind: 'customer_number' })
  }
  // LIS, MAR and MAI are months, and words of names as well.
  const nameParts =
    firstOf(reading.textWords, monthWords) !== null
      ? new Set([transaction.counterparty.name, ...namesOf(book, reading.links)].flatMap((name) => words(fold(name))))
      : undefined
  reading.months = line.texts.flatMap((text) => namedMonths(text, nameParts))
  reading.otherPurpose = firstFound(line.texts, (text) => otherPurposeIn(text))
  // Shop and restaurant are words of names as well.
  if (reading.otherPurpose !== null && reading.links.size > 0) {
    const names = new Set(namesOf(book, reading.links).flatMap((name) => words(fold(name))))
    reading.otherPurpose = firstFound(line.texts, (text) => otherPurposeIn(text, names))
  }
  // Whoever is a client, or pays for one, may be called as it likes.
  if (reading.otherPurpose === null && ![...reading.links.values()].some((links) => links.some(isByPayer)))
    reading.otherPurpose = firstFound(line.payers, institutionIn)
  return reading
}

function firstFound(texts: readonly string[], find: (text: string) => string | null): string | null {
  for (const text of texts) {
    const found = find(text)
    if (found !== null) return found
  }
  return null
}

/** Whether a link comes from who pays, not from what the text says. */
export const isByPayer = ({ kind }: Link): boolean =>
  kind === 'payer_name' ||
  kind === 'payer_name_partly' ||
  kind === 'known_payer' ||
  kind === 'known_once' ||
  kind === 'known_shared'
