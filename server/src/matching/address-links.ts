import type { Book } from './book.ts'
import { domainKey, endOf } from './domains.ts'

/** Clients that a text points to by a domain or a mail address. */

/** An address of more clients than this is an agency's or a reseller's. */
const clientsPerAddressMax = 2

const nobody: ReadonlySet<string> = new Set()
const noKeys: readonly string[] = []

const domainLike = /[A-Z0-9][A-Z0-9-]*(?:[.,][A-Z0-9-]+)*[.,][A-Z]{2,}/g
/** A domain whose points were taken out has at least so many letters. */
const gluedLength = 6

/** The keys of the domains in a folded text that belong to one client or two, with and without points. Most texts have none. */
export function domainsIn(book: Book, text: string): readonly string[] {
  let keys = noKeys
  if (text.includes('.') || text.includes(','))
    for (const token of text.match(domainLike) ?? noKeys) keys = withDomain(book, keys, token)
  let start = 0
  for (let at = 0; at <= text.length; at += 1) {
    if (isOfDomain(text.charCodeAt(at))) continue
    if (at - start >= gluedLength && mayBeDomain(book, text, start, at))
      keys = withDomain(book, keys, text.slice(start, at))
    start = at + 1
  }
  return keys
}

/** Letters, digits and dashes. */
const isOfDomain = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 45

/** None is indexed that begins with a digit, and few words end as domains do. */
function mayBeDomain(book: Book, text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start)
  return (first < 48 || first > 57) && book.domains.ends[endOf(text, end)] === 1
}

function withDomain(book: Book, keys: readonly string[], token: string): readonly string[] {
  if (!mayBeDomain(book, token, 0, token.length)) return keys
  const key = domainKey(token.replace(/^WWW[.,]/, ''))
  const holders = book.domains.clients.get(key)
  return holders === undefined || holders.size > clientsPerAddressMax ? keys : [...keys, key]
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
