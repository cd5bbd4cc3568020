import { indexNames, type NameIndex, nameWords, namesAlike } from './names.ts'
import { indexReferences, type ReferenceIndex } from './reference-index.ts'
import { collectorWords } from './lexicon.ts'
import { compareText, fold, soundKey, words } from './text.ts'
import type { MatchClient, MatchInvoice, PastDecision, Payer } from './types.ts'

/** What past decisions say about one payer's account or name. */
export interface PayerMemory {
  /** How many accepted payments went to each client, and how many of those were recognised without the client's own name. */
  clients: Map<string, { accepted: number; unnamed: number }>
  refused: Map<string, number>
}

/** A settled invoice's payment, from the billing system or from a past decision. */
export interface PastPayment {
  amountMinor: bigint
  date: string
  payerKey: string
}

/** Everything that is looked up while lines are read, built once for many lines. Never changed afterwards. */
export interface Book {
  invoices: Map<string, MatchInvoice>
  references: ReferenceIndex
  names: NameIndex
  clients: Map<string, MatchClient>
  byClient: Map<string, MatchInvoice[]>
  /** Payable invoices by currency and balance. */
  byAmount: Map<string, MatchInvoice[]>
  /** Clients by domain of their services and mail, without marks. */
  byDomain: Map<string, Set<string>>
  /** Clients by mail address, folded. */
  byEmail: Map<string, Set<string>>
  memory: Map<string, PayerMemory>
  /** Invoices on which the billing system holds payments, by client. */
  bookedByClient: Map<string, MatchInvoice[]>
  /** Payments known for an invoice. */
  past: Map<string, PastPayment[]>
  collects: Map<string, string[]>
  collectedBy: Map<string, string[]>
}

export const amountKey = (currency: string, amountMinor: bigint): string => `${currency} ${amountMinor}`

/** One key for a payer: the account if the bank tells it, and the name's words. */
export function payerKeys(payer: Payer): string[] {
  const name = nameWords(payer.name).sort(compareText).join(' ')
  const keys: string[] = []
  if (payer.iban !== null && payer.iban !== '') keys.push(`iban ${payer.iban.replace(/\s/g, '').toUpperCase()}`)
  if (name !== '') keys.push(`name ${name}`)
  return keys
}

/** Whether a payer's name is that of a payment provider or another collecting account. */
export function isCollector(name: string): boolean {
  return words(fold(name)).some((word) => collectorWords.has(word))
}

/** Open: money can be applied. Collections and pending payments can be proposed to a person only. */
export function isPayable(invoice: MatchInvoice): boolean {
  return (
    invoice.balanceMinor > 0n &&
    (invoice.status === 'unpaid' || invoice.status === 'collections' || invoice.status === 'payment_pending')
  )
}

/** Oldest first: by due date, date and id. */
export function byAge(left: MatchInvoice, right: MatchInvoice): number {
  const due = (invoice: MatchInvoice): string => invoice.dueDate || invoice.date
  return (
    compareText(due(left), due(right)) ||
    compareText(left.date, right.date) ||
    left.id.length - right.id.length ||
    compareText(left.id, right.id)
  )
}

const domainPattern = /[\p{L}\p{N}][\p{L}\p{N}-]*(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/gu

/** A domain as banks leave it: letters and digits only. */
export const domainKey = (domain: string): string => soundKey(fold(domain).replace(/[^A-Z0-9]/g, ''))

/** Domains of a client's services and mail address. Public mail hosts drop out because many clients share them. */
export function domainsOf(invoice: MatchInvoice): string[] {
  const items = invoice.items.flatMap((item) => item.description.match(domainPattern) ?? [])
  const host = invoice.client.email.split('@')[1]
  return [...items, ...(host === undefined ? [] : [host])].filter((domain) => !/^\d/.test(domain)).map(domainKey)
}

function collectedIds(invoice: MatchInvoice): string[] {
  if (invoice.collects.length > 0) return invoice.collects
  // A mass-payment container names its parts, one item each (WHMCS: items of type Invoice read "Invoice #881").
  const ids = invoice.items.map(
    (item) => /^\s*(?:Invoice|Rechnung|Factuur|Facture)\s*#?\s*(\d+)\s*$/i.exec(item.description)?.[1],
  )
  return ids.length > 0 && ids.every((id) => id !== undefined) ? ids.filter((id) => id !== undefined) : []
}

function remember(book: Book, decision: PastDecision): void {
  const { transaction, invoiceIds, accepted } = decision
  const clientIds = new Set(invoiceIds.flatMap((id) => book.invoices.get(id)?.client.id ?? []))
  for (const key of payerKeys(transaction.counterparty)) {
    let memory = book.memory.get(key)
    if (memory === undefined) book.memory.set(key, (memory = { clients: new Map(), refused: new Map() }))
    for (const clientId of clientIds) {
      if (!accepted) {
        memory.refused.set(clientId, (memory.refused.get(clientId) ?? 0) + 1)
        continue
      }
      const client = book.clients.get(clientId)
      const text = `${transaction.reference} ${transaction.description}`
      const named = client !== undefined && (namesAlike(client.name, text) || namesAlike(client.company, text))
      const tally = memory.clients.get(clientId) ?? { accepted: 0, unnamed: 0 }
      memory.clients.set(clientId, { accepted: tally.accepted + 1, unnamed: tally.unnamed + (named ? 0 : 1) })
    }
  }
  if (!accepted) return
  for (const id of invoiceIds) {
    const list = book.past.get(id) ?? []
    list.push({
      amountMinor: transaction.amountMinor,
      date: transaction.date,
      payerKey: payerKeys(transaction.counterparty)[0] ?? '',
    })
    book.past.set(id, list)
  }
}

/** Builds the indexes over invoices and past decisions. Their order does not matter. Linear in what is given. */
export function prepare(invoices: readonly MatchInvoice[], history: readonly PastDecision[]): Book {
  const sorted = [...invoices].sort(byAge)
  const clients = new Map(sorted.map((invoice) => [invoice.client.id, invoice.client]))
  const book: Book = {
    invoices: new Map(sorted.map((invoice) => [invoice.id, invoice])),
    references: indexReferences(sorted),
    names: indexNames([...clients.values()].sort((left, right) => compareText(left.id, right.id))),
    clients,
    byClient: Map.groupBy(sorted, (invoice) => invoice.client.id),
    byAmount: Map.groupBy(sorted.filter(isPayable), (invoice) => amountKey(invoice.currency, invoice.balanceMinor)),
    byDomain: new Map(),
    byEmail: new Map(),
    memory: new Map(),
    bookedByClient: Map.groupBy(
      sorted.filter((invoice) => invoice.payments.length > 0),
      (invoice) => invoice.client.id,
    ),
    past: new Map(),
    collects: new Map(),
    collectedBy: new Map(),
  }
  for (const client of clients.values()) {
    const address = fold(client.email.trim())
    if (!address.includes('@')) continue
    book.byEmail.set(address, (book.byEmail.get(address) ?? new Set()).add(client.id))
  }
  for (const invoice of sorted) {
    for (const domain of domainsOf(invoice)) {
      const holders = book.byDomain.get(domain)
      if (holders === undefined) book.byDomain.set(domain, new Set([invoice.client.id]))
      else holders.add(invoice.client.id)
    }
    for (const payment of invoice.payments) {
      const list = book.past.get(invoice.id) ?? []
      list.push({ amountMinor: payment.amountMinor, date: payment.date, payerKey: '' })
      book.past.set(invoice.id, list)
    }
    const parts = collectedIds(invoice).filter((id) => book.invoices.has(id))
    if (parts.length === 0) continue
    book.collects.set(invoice.id, parts)
    for (const part of parts) book.collectedBy.set(part, [...(book.collectedBy.get(part) ?? []), invoice.id])
  }
  const ordered = [...history].sort(
    (left, right) =>
      compareText(left.transaction.date, right.transaction.date) ||
      compareText(left.transaction.id, right.transaction.id),
  )
  for (const decision of ordered) remember(book, decision)
  return book
}
