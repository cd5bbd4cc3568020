import { type Columns, noColumns } from './columns.ts'
import { type Unclear, unclearness } from './doubts.ts'
import { domainsIn, mailHolders } from './address-links.ts'
import { namesOf, wordsOf } from './asides.ts'
import { type Book, isPayable } from './book.ts'
import { findNames, type NameFinding, type NameFit } from './names.ts'
import { mentionWeight } from './signals.ts'
import type { NamedTimes } from './periods.ts'
import type { LooseNumber } from './loose-numbers.ts'
import { findMentions, type Mention, standsAlone } from './references.ts'
import { readLine, type ReadLine } from './layout.ts'
import { knownWords } from './known-words.ts'
import { memoryLinks } from './memory-links.ts'
import { institutionIn, otherPurposeIn } from './purposes.ts'
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
  book: Book
  /** What the lines of the bank tell together. */
  columns: Columns
  transaction: MatchTransaction
  line: ReadLine
  /** Why the text may have said more than can be read, or null. */
  unclear: Unclear | null
  mentions: readonly Mention[]
  /** The strongest mention of each invoice, in the order of the text. */
  best: ReadonlyMap<string, Mention>
  loose: readonly LooseNumber[]
  links: Map<string, Link[]>
  domains: ReadonlySet<string>
  /** A word that says the money is for something else, or null. */
  otherPurpose: string | null
  collector: boolean
  /** It is one through which single people pay. */
  paymentApp: boolean
  /** How many clients bear the payer's name, and how many the name in the text. */
  namesakes: { payer: number; text: number }
  /** Clients for whom a person refused this payer's money as often as it was accepted. */
  refused: ReadonlySet<string>
  /** Open invoices whose numbers the text plainly gives. */
  openNamed: readonly MatchInvoice[]
  /** Clients that a past decision ties to this payer, be it only by a name that others bear. */
  tied: ReadonlySet<string>
  /** What each finding is worth for this tenant. */
  weights: Weights
  /** Null until they are asked for (asides.ts). */
  times: NamedTimes | null
  textWords: ReadonlySet<string> | null
  unexplained: readonly LooseNumber[] | null
}

/** A name that more clients bear tells nobody, and weighing them all would take long. */
export const namesakesMax = 30

/** The clients worth weighing: of too many namesakes only those that owe just this amount. */
function fewNames(book: Book, { transaction }: Reading, found: readonly NameFinding[]): readonly NameFinding[] {
  if (found.length <= namesakesMax) return found
  const owing = found.filter(({ clientId }) =>
    (book.byClient.get(clientId) ?? []).some(
      (invoice) =>
        isPayable(invoice) &&
        invoice.balanceMinor === transaction.amountMinor &&
        invoice.currency === transaction.currency,
    ),
  )
  return owing.length > namesakesMax ? none : owing
}

function countWhole(found: readonly NameFinding[]): number {
  let count = 0
  for (const { fit } of found) if (fit === 'full' || fit === 'compact') count += 1
  return count
}

/** Notes a link, each kind once. */
export function addLink(reading: Reading, clientId: string, link: Link): void {
  const links = reading.links.get(clientId)
  if (links === undefined) reading.links.set(clientId, [link])
  else if (!links.some((other) => other.kind === link.kind)) links.push(link)
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
  const reading: Reading = {
    book,
    columns,
    transaction,
    line,
    unclear: unclearness(transaction, columns),
    mentions: none,
    best: noMentions,
    loose: none,
    links: new Map(),
    domains: nothing,
    otherPurpose: null,
    collector: line.payers.some((payer) => knownWords(payer).some(({ collector }) => collector)),
    paymentApp: line.payers.some((payer) => knownWords(payer).some(({ paymentApp }) => paymentApp)),
    namesakes: { payer: 0, text: 0 },
    refused: nothing,
    openNamed: none,
    tied: nothing,
    weights: book.weights,
    times: null,
    textWords: null,
    unexplained: null,
  }
  line.texts.forEach((text, field) => readText(reading, text, field))
  if (!reading.collector) readPayers(book, reading)
  readNumbers(book, reading)
  readPurpose(book, reading)
  return reading
}

/** Nearly all lists and sets of a reading stay empty: these are never written to. */
const none: readonly never[] = []
const nothing: ReadonlySet<string> = new Set()

/** Two lists in one; where one is empty, the other itself. */
const joined = <One>(list: readonly One[], more: readonly One[]): readonly One[] =>
  more.length === 0 ? list : list.length === 0 ? more : [...list, ...more]

/** What a text of the line names: numbers, addresses and clients. */
function readText(reading: Reading, text: string, field: number): void {
  const { book, columns, line } = reading
  const { mentions, loose } = findMentions(book.references, text, line.breaks[field] ?? none, field, columns.labels)
  reading.mentions = joined(reading.mentions, mentions)
  reading.loose = joined(reading.loose, loose)
  const domains = domainsIn(book, text)
  if (domains.length > 0) reading.domains = new Set([...reading.domains, ...domains])
  for (const domain of domains)
    for (const clientId of book.domains.clients.get(domain) ?? none) addLink(reading, clientId, { kind: 'domain' })
  for (const clientId of mailHolders(book, text)) addLink(reading, clientId, { kind: 'email' })
  const named = findNames(book.names, text, false)
  if (named.length === 0) return
  const role = line.payers.length === 0 ? 'payer' : 'text'
  reading.namesakes[role] = Math.max(reading.namesakes[role], countWhole(named))
  for (const { clientId, fit } of fewNames(book, reading, named)) {
    // Where the bank prints no payer, the text is all there is and begins with the payer's name.
    if (line.payers.length === 0) addLink(reading, clientId, { kind: payerKind(fit), fit })
    else if (fit === 'full') addLink(reading, clientId, { kind: 'named_in_text', fit })
    else if (fit !== 'initial') addLink(reading, clientId, { kind: 'partly_in_text', fit })
  }
}

const payerKind = (fit: NameFit): LinkKind =>
  fit === 'initial' || fit === 'single' ? 'payer_name_partly' : 'payer_name'

/** Whom the payers' names and past decisions point to. */
function readPayers(book: Book, reading: Reading): void {
  const alike = new Set<string>()
  for (const payer of reading.line.payers) {
    for (const clientId of mailHolders(book, payer)) addLink(reading, clientId, { kind: 'email' })
    const named = findNames(book.names, payer, true)
    if (book.memory.size > 0) for (const { clientId } of named) alike.add(clientId)
    reading.namesakes.payer = Math.max(reading.namesakes.payer, countWhole(named))
    for (const { clientId, fit } of fewNames(book, reading, named))
      addLink(reading, clientId, { kind: payerKind(fit), fit })
  }
  if (book.memory.size === 0) return
  const known = memoryLinks(book, reading, alike)
  for (const [clientId, kind] of known) addLink(reading, clientId, { kind })
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

/** What the numbers in the texts are: open and closed invoices, and clients. */
function readNumbers(book: Book, reading: Reading): void {
  reading.best = bestMentions(reading.mentions)
  for (const mention of reading.mentions) {
    if (!standsAlone(mention, false)) continue
    const invoice = book.invoices.get(mention.invoiceId)
    if (invoice === undefined) continue
    if (!isPayable(invoice)) addLink(reading, invoice.client.id, { kind: 'closed_number' })
    else if (!book.collects.has(invoice.id)) reading.openNamed = joined(reading.openNamed, [invoice])
  }
  for (const { digits, announced, payloads } of reading.loose) {
    if (announced === 'customer' && book.clients.has(digits)) addLink(reading, digits, { kind: 'customer_number' })
    for (const payload of payloads)
      if (payload.length > 2 && book.clients.has(payload)) addLink(reading, payload, { kind: 'customer_number' })
  }
}

function readPurpose(book: Book, reading: Reading): void {
  const { texts, payers } = reading.line
  reading.otherPurpose = firstFound(texts, otherPurposeIn)
  // Shop and restaurant are words of names as well.
  if (reading.otherPurpose !== null && reading.links.size > 0) {
    const names = wordsOf(namesOf(book, reading.links.keys()))
    reading.otherPurpose = firstFound(texts, (text) => otherPurposeIn(text, names))
  }
  // Whoever is a client, or pays for one, may be called as it likes.
  if (reading.otherPurpose === null && !isTiedByPayer(reading)) reading.otherPurpose = firstFound(payers, institutionIn)
}

function isTiedByPayer({ links }: Reading): boolean {
  for (const own of links.values()) if (own.some(isByPayer)) return true
  return false
}

function firstFound(texts: readonly string[], find: (text: string) => string | null): string | null {
  for (const text of texts) {
    const found = find(text)
    if (found !== null) return found
  }
  return null
}

/** Whether a link is more than part of a name. */
export const isWhole = ({ kind }: Link): boolean => kind !== 'payer_name_partly' && kind !== 'partly_in_text'

/** Whether a link comes from who pays, not from what the text says. */
export const isByPayer = ({ kind }: Link): boolean =>
  kind === 'payer_name' ||
  kind === 'payer_name_partly' ||
  kind === 'known_payer' ||
  kind === 'known_once' ||
  kind === 'known_shared'
