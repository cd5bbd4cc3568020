import type { Book } from './book.ts'
import { domainKey } from './domains.ts'

/** Clients that a text points to by a domain or a mail address. */

/** An address of more clients than this is an agency's or a reseller's. */
const clientsPerAddressMax = 2

const nobody: ReadonlySet<string> = new Set()
const domainLike = /[A-Z0-9][A-Z0-9-]*(?:[.,][A-Z0-9-]+)*[.,][A-Z]{2,}/g
/** A domain whose points were taken out. */
const gluedDomain = /[A-Z0-9-]{6,}/g

/** The keys of the domains in a folded text that belong to one client or two, with and without points. Most texts have none. */
export function domainsIn(book: Book, text: string): readonly string[] {
  let keys = text.includes('.') || text.includes(',') ? addDomains(book, noKeys, text.match(domainLike)) : noKeys
  keys = addDomains(book, keys, text.match(gluedDomain))
  return keys
}

const noKeys: readonly string[] = []

function addDomains(book: Book, known: readonly string[], tokens: readonly string[] | null): readonly string[] {
  let keys = known
  for (const token of tokens ?? noKeys) {
    // None is indexed that begins with a digit, and few words end as domains do.
    const first = token.charCodeAt(0)
    if ((first >= 48 && first <= 57) || !book.domains.ends.has(token.slice(-2))) continue
    const key = domainKey(token.replace(/^WWW[.,]/, ''))
    const holders = book.domains.clients.get(key)
    if (holders !== undefined && holders.size <= clientsPerAddressMax) keys = [...keys, key]
  }
  return keys
}

const mailLike = /[^\s<>()[\],;:"]+@[^\s<>()[\],;:"]*[^\s<>()[\],;:".]/g

/** The clients whose whole mail addresses a folded text holds, as card payments bring them. */
export function mailHolders(book: Book, text: string): readonly string[] {
  if (!text.includes('@')) return noKeys
  const clients: string[] = []
  for (const [address] of text.matchAll(mailLike)) {
    const holders = book.byEmail.get(address) ?? nobody
    if (holders.size <= clientsPerAddressMax) clients.push(...holders)
  }
  return clients
}
