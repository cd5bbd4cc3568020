import { type Book, domainKey, isCollector, payerKeys } from './book.ts'
import { findNames, type NameFit } from './names.ts'
import { namedMonths, type NamedMonth } from './periods.ts'
import { findMentions, type LooseNumber, type Mention } from './references.ts'
import { readLine, type ReadLine } from './layout.ts'
import { otherPurposeWords } from './lexicon.ts'
import { words } from './text.ts'
import type { MatchTransaction } from './types.ts'

/** How a line points to a client. */
export type LinkKind =
  | 'known_payer'
  | 'payer_name'
  | 'payer_name_partly'
  | 'named_in_text'
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
  mentions: Mention[]
  loose: LooseNumber[]
  links: Map<string, Link[]>
  months: NamedMonth[]
  /** The running text's words, for naming services. */
  textWords: Set<string>
  domains: Set<string>
  /** A word that says the money is for something else, or null. */
  otherPurpose: string | null
  collector: boolean
}

/** A name that more clients bear tells nobody, and weighing them all would take long. */
const namesakesMax = 30

/** An address of more clients than this is an agency's or a reseller's. */
const clientsPerAddressMax = 2

/** Payers for more clients than this are agencies or collecting accounts: their account names nobody. */
const clientsPerPayerMax = 2

function memoryLinks(book: Book, transaction: MatchTransaction, add: (clientId: string, link: Link) => void): void {
  for (const key of payerKeys(transaction.counterparty)) {
    const memory = book.memory.get(key)
    if (memory === undefined || memory.clients.size > clientsPerPayerMax) continue
    for (const [clientId, { accepted, unnamed }] of memory.clients) {
      // An account that was understood only because its texts named the client is no evidence by itself.
      if (unnamed === 0 || (memory.refused.get(clientId) ?? 0) >= accepted) continue
      add(clientId, { kind: 'known_payer' })
    }
  }
}

const fewNames = (found: Map<string, NameFit>): Map<string, NameFit> => (found.size > namesakesMax ? new Map() : found)

const domainLike = /[A-Z0-9][A-Z0-9-]*(?:[.,][A-Z0-9-]+)*[.,][A-Z]{2,}/g

function domainLinks(
  book: Book,
  text: string,
  domains: Set<string>,
  add: (clientId: string, link: Link) => void,
): void {
  const tokens = [...(text.match(domainLike) ?? []), ...(text.match(/[A-Z0-9-]{6,}/g) ?? [])]
  for (const token of tokens) {
    const key = domainKey(token)
    const holders = book.byDomain.get(key)
    if (holders === undefined || holders.size > 2) continue
    domains.add(key)
    for (const clientId of holders) add(clientId, { kind: 'domain' })
  }
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

/** Reads one line against the book. */
export function readAgainst(book: Book, transaction: MatchTransaction): Reading {
  const line = readLine(transaction)
  const reading: Reading = {
    transaction,
    line,
    mentions: [],
    loose: [],
    links: new Map(),
    months: line.texts.flatMap(namedMonths),
    textWords: new Set(line.texts.flatMap(words)),
    domains: new Set(),
    otherPurpose: null,
    collector: line.payers.some(isCollector),
  }
  const add = (clientId: string, link: Link): void => {
    const links = reading.links.get(clientId)
    if (links === undefined) reading.links.set(clientId, [link])
    else if (!links.some((other) => other.kind === link.kind)) links.push(link)
  }
  line.texts.forEach((text, field) => {
    const { mentions, loose } = findMentions(book.references, text, line.breaks[field] ?? [], field)
    reading.mentions.push(...mentions)
    reading.loose.push(...loose)
    domainLinks(book, text, reading.domains, add)
    mailLinks(book, text, add)
    for (const [clientId, fit] of fewNames(findNames(book.names, text, false))) {
      // Where the bank prints no payer, the text is all there is and begins with the payer's name.
      const kind = fit === 'initial' ? 'payer_name_partly' : line.payers.length === 0 ? 'payer_name' : 'named_in_text'
      if (fit !== 'initial' || line.payers.length === 0) add(clientId, { kind, fit })
    }
  })
  if (!reading.collector) {
    memoryLinks(book, transaction, add)
    for (const payer of line.payers) {
      mailLinks(book, payer, add)
      for (const [clientId, fit] of fewNames(findNames(book.names, payer, true))) {
        add(clientId, { kind: fit === 'initial' || fit === 'single' ? 'payer_name_partly' : 'payer_name', fit })
      }
    }
  }
  for (const { digits, announced } of reading.loose) {
    if (announced === 'customer' && book.clients.has(digits)) add(digits, { kind: 'customer_number' })
  }
  reading.otherPurpose = [...reading.textWords].find((word) => otherPurposeWords.has(word)) ?? null
  return reading
}
