import { ClientsByKey } from './clients-by-key.ts'
import { fold, soundKey } from './text.ts'
import type { MatchClient, MatchInvoice } from './types.ts'

/** Clients by the domains of their services and mail addresses. */
export interface DomainIndex {
  /** Under the key of a domain (`domainKey`). Public mail hosts tell nobody, because many clients share them. */
  clients: ClientsByKey
  /** Whether a domain ends in two letters, folded, by `endOf`: few words of a text end so. */
  ends: Uint8Array
}

/** Takes the invoices of each client together: most name one domain again and again. */
export function indexDomains(ofClients: readonly (readonly MatchInvoice[])[]): DomainIndex {
  const index: DomainIndex = { clients: new ClientsByKey(), ends: new Uint8Array(2 ** 14) }
  for (const invoices of ofClients) {
    let before = ''
    for (const invoice of invoices)
      for (const domain of domainTexts(invoice)) {
        if (domain !== '' && domain === before) continue
        const letters = lettersOf(domain)
        index.clients.add(soundKey(letters), invoice.client.id)
        index.ends[endOf(letters, letters.length)] = 1
        before = domain
      }
  }
  return index
}

/** A number made of the two letters in front of a place in a folded text. */
export const endOf = (text: string, end: number): number =>
  ((text.charCodeAt(end - 2) & 127) << 7) | (text.charCodeAt(end - 1) & 127)

/** Clients by their mail addresses, folded. Made when the first line holds an address, which few books ever see. */
export class AddressIndex {
  readonly #clients: readonly MatchClient[]
  #byAddress: ClientsByKey | null = null

  constructor(clients: readonly MatchClient[]) {
    this.#clients = clients
  }

  get(address: string): ReadonlySet<string> | undefined {
    this.#byAddress ??= addressesOf(this.#clients)
    return this.#byAddress.get(address)
  }
}

function addressesOf(clients: readonly MatchClient[]): ClientsByKey {
  const byAddress = new ClientsByKey()
  for (const { id, email } of clients) {
    const address = fold(email.trim())
    if (address.includes('@')) byAddress.add(address, id)
  }
  return byAddress
}

/** A domain without marks, as it sounds. */
export const domainKey = (domain: string): string => soundKey(lettersOf(domain))

/** The keys of the domains of a client's services and mail address. */
export const domainsOf = (invoice: MatchInvoice): string[] => domainTexts(invoice).map(domainKey)

const domainPattern = /[\p{L}\p{N}][\p{L}\p{N}-]*(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/gu

/** A domain as banks leave it: letters and digits only. */
function lettersOf(domain: string): string {
  const folded = fold(domain)
  return /[^A-Z0-9]/.test(folded) ? folded.replace(/[^A-Z0-9]/g, '') : folded
}

function domainTexts({ items, client }: MatchInvoice): string[] {
  const domains: string[] = []
  for (const { description } of items) {
    if (!description.includes('.')) continue
    for (const domain of description.match(domainPattern) ?? []) if (!startsWithDigit(domain)) domains.push(domain)
  }
  const host = hostOf(client.email)
  if (host !== undefined && !startsWithDigit(host)) domains.push(host)
  return domains
}

function hostOf(email: string): string | undefined {
  const at = email.indexOf('@')
  if (at === -1) return undefined
  const end = email.indexOf('@', at + 1)
  return end === -1 ? email.slice(at + 1) : email.slice(at + 1, end)
}

const startsWithDigit = (text: string): boolean => text.charCodeAt(0) >= 48 && text.charCodeAt(0) <= 57
