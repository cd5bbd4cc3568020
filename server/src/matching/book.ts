import { AddressIndex, type DomainIndex, indexDomains } from './domains.ts'
import { KeyTable } from './key-table.ts'
import { type ReadLine, readLine } from './layout.ts'
import { indexNames, type NameIndex } from './name-index.ts'
import { nameWords } from './name-words.ts'
import { indexReferences, type ReferenceIndex, unpadded } from './reference-index.ts'
import { TextMap } from './text-map.ts'
import { compareText, fold, words } from './text.ts'
import { tenantWeights } from './tenant-weights.ts'
import type { Weights } from './weights.ts'
import { memoInvoices } from './memo-text.ts'
import type { MatchClient, MatchInvoice, MatchTransaction, PastDecision, Payer, TaughtPayer } from './types.ts'

/** What past decisions say about one payer's account or name. */
export interface PayerMemory {
  clients: Map<string, ClientTally>
}

/** `named`: the text beside the payer named the client. `account`: the line told the payer's account. */
export interface PastAcceptance {
  date: string
  named: boolean
  account: boolean
}

/** The decisions that tie a payer to a client. Days are those of the lines, YYYY-MM-DD. */
export interface ClientTally {
  accepted: PastAcceptance[]
  refused: string[]
}

/** A settled invoice's payment, from the billing system or from a past decision. */
export interface PastPayment {
  amountMinor: bigint
  date: string
  payerKey: string
}

/** Everything that is looked up while lines are read, built once for many lines. Never changed afterwards. */
export interface Book {
  invoices: TextMap<MatchInvoice>
  references: ReferenceIndex
  names: NameIndex
  clients: TextMap<MatchClient>
  byClient: TextMap<MatchInvoice[]>
  /** Payable invoices by currency and balance. */
  byAmount: TextMap<MatchInvoice[]>
  /** Currencies of the invoices. */
  currencies: ReadonlySet<string>
  domains: DomainIndex
  byEmail: AddressIndex
  memory: Map<string, PayerMemory>
  /** Invoices on which the billing system holds payments, by client. */
  bookedByClient: Map<string, MatchInvoice[]>
  /** Payments known for an invoice. */
  past: Map<string, PastPayment[]>
  collects: Map<string, string[]>
  collectedBy: Map<string, string[]>
  /** Invoices that hold nothing but a memo (memos.ts). */
  memos: readonly MatchInvoice[]
  /** What people decided, oldest first. */
  decisions: readonly PastDecision[]
  /** What each finding is worth for this tenant. */
  weights: Weights
}

/** What the codes that begin at a place in a line are, one or several together (labels.ts). */
export function kindOfCode(
  book: Book,
  line: MatchTransaction,
  codes: readonly string[],
  at: number,
): 'invoice' | 'customer' | 'other' | null {
  let joined = ''
  for (let end = at; end < Math.min(codes.length, at + 4); end += 1) {
    joined += codes[end] ?? ''
    const entries = book.references.keys.get(joined) ?? book.references.keys.get(unpadded(joined))
    const known = entries?.filter(({ coverage }) => coverage !== 'tail') ?? []
    if (known.length === 0) continue
    const isPaid = known.some(({ invoiceId }) => book.invoices.get(invoiceId)?.totalMinor === line.amountMinor)
    return isPaid ? 'invoice' : 'other'
  }
  return book.clients.has(unpadded(codes[at] ?? '')) ? 'customer' : null
}

export const amountKey = (currency: string, amountMinor: bigint): string => `${currency} ${amountMinor}`

/** The keys of a payer: the account if the bank tells it, and the words of each name it gives. `names`: what the bank's text
 *  says of the payer's name, where it has no field for it. */
export function payerKeys(payer: Payer, names: readonly string[] = []): string[] {
  const keys = new Set<string>()
  const account = accountKey(payer)
  if (account !== undefined) keys.add(account)
  for (const name of [payer.name, ...names]) {
    const key = nameKey(name)
    if (key !== '') keys.add(`name ${key}`)
  }
  return [...keys]
}

/** Who paid: what the bank says in fields of its own, or the account that its text prints where it has no such fields. */
export function payerOf({ counterparty }: MatchTransaction, { account }: ReadLine): Payer {
  return account === null ? counterparty : { name: counterparty.name, iban: account }
}

/** The key of a payer's account, where the bank tells it. */
export function accountKey({ iban }: Payer): string | undefined {
  return iban === null || iban === '' ? undefined : `iban ${iban.replace(/\s/g, '').toUpperCase()}`
}

/** A name's words in a fixed order. Initials count: Ø. Haustad and A. Haustad are two. */
function nameKey(name: string): string {
  const initials = words(fold(name))
    .filter((word) => word.length === 1 || /^[AOU]E$/.test(word))
    .map((word) => word.charAt(0))
  return [...nameWords(name), ...initials].sort(compareText).join(' ')
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
  return (
    compareText(left.dueDate || left.date, right.dueDate || right.date) ||
    compareText(left.date, right.date) ||
    left.id.length - right.id.length ||
    compareText(left.id, right.id)
  )
}

const collectedPattern = /^\s*(?:Invoice|Rechnung|Factuur|Facture)\s*#?\s*(\d+)\s*$/i

function collectedIds(invoice: MatchInvoice): string[] {
  if (invoice.collects.length > 0) return invoice.collects
  // A mass-payment container names its parts, one item each (WHMCS: items of type Invoice read "Invoice #881").
  const ids: string[] = []
  for (const item of invoice.items) {
    const id = collectedPattern.exec(item.description)?.[1]
    if (id === undefined) return []
    ids.push(id)
  }
  return ids
}

/** Whether a line's text names a client by words that are not the payer's own name. */
function namedBesidePayer(client: MatchClient, line: ReadLine): boolean {
  const payer = new Set(line.payers.flatMap(nameWords))
  const own = [...nameWords(client.name), ...nameWords(client.company)].filter((word) => word.length > 2)
  if (own.some((word) => payer.has(word))) return false
  const text = new Set(line.texts.flatMap(nameWords))
  return own.some((word) => text.has(word))
}

function remember(book: Book, decision: PastDecision): void {
  const { transaction, invoiceIds, accepted } = decision
  const clientIds = new Set(invoiceIds.flatMap((id) => book.invoices.get(id)?.client.id ?? []))
  const line = readLine(transaction)
  for (const key of payerKeys(payerOf(transaction, line), line.payers)) {
    for (const clientId of clientIds) {
      const tally = tallyOf(book, key, clientId)
      const client = book.clients.get(clientId)
      if (!accepted) tally.refused.push(transaction.date)
      else
        tally.accepted.push({
          date: transaction.date,
          named: client !== undefined && namedBesidePayer(client, line),
          account: (transaction.counterparty.iban ?? '') !== '',
        })
    }
  }
  if (!accepted) return
  for (const id of invoiceIds) {
    push(book.past, id, {
      amountMinor: transaction.amountMinor,
      date: transaction.date,
      payerKey: payerKeys(transaction.counterparty)[0] ?? '',
    })
  }
}

const byPayer = (left: TaughtPayer, right: TaughtPayer): number =>
  compareText(left.date, right.date) ||
  compareText(left.clientId, right.clientId) ||
  compareText(`${left.payer.iban} ${left.payer.name}`, `${right.payer.iban} ${right.payer.name}`)

/** What a person said of a payer counts as one decision does, but no payment stands behind it. */
function learn(book: Book, { payer, clientId, pays, date }: TaughtPayer): void {
  for (const key of payerKeys(payer)) {
    const tally = tallyOf(book, key, clientId)
    if (pays) tally.accepted.push({ date, named: false, account: (payer.iban ?? '') !== '' })
    else tally.refused.push(date)
  }
}

function tallyOf(book: Book, key: string, clientId: string): ClientTally {
  let memory = book.memory.get(key)
  if (memory === undefined) book.memory.set(key, (memory = { clients: new Map() }))
  let tally = memory.clients.get(clientId)
  if (tally === undefined) memory.clients.set(clientId, (tally = { accepted: [], refused: [] }))
  return tally
}

/** Builds the indexes over invoices, past decisions and what people said of payers. Their order does not matter. Linear in what is
 *  given. */
export function prepare(
  invoices: readonly MatchInvoice[],
  history: readonly PastDecision[],
  taught: readonly TaughtPayer[] = [],
): Book {
  const sorted = [...invoices].sort(byAge)
  const { collecting, ...found } = listed(sorted)
  const { clients, byClient } = found
  const ordered = [...history].sort(
    (left, right) =>
      compareText(left.transaction.date, right.transaction.date) ||
      compareText(left.transaction.id, right.transaction.id),
  )
  const book: Book = {
    ...found,
    references: indexReferences(sorted),
    names: indexNames([...clients.values()].sort((left, right) => compareText(left.id, right.id))),
    domains: indexDomains(byClient.values()),
    byEmail: new AddressIndex(clients.values()),
    memory: new Map(),
    collects: new Map(),
    collectedBy: new Map(),
    memos: memoInvoices(sorted),
    decisions: ordered,
    weights: tenantWeights(sorted, ordered, (others) => prepare(others, [])),
  }
  noteCollections(book, collecting)
  for (const decision of ordered) remember(book, decision)
  for (const one of taught.toSorted(byPayer)) if (clients.has(one.clientId)) learn(book, one)
  return book
}

/** What is found of invoices by a key, and the ids that invoices for several name. All in one pass: a hundred thousand invoices are more than a processor keeps at hand. */
function listed(sorted: readonly MatchInvoice[]) {
  const invoices = new TextMap<MatchInvoice>()
  const clientIds = new KeyTable()
  const clients = new TextMap<MatchClient>(clientIds)
  const byClient = new TextMap<MatchInvoice[]>(clientIds)
  const byAmount = new TextMap<MatchInvoice[]>()
  const bookedByClient = new Map<string, MatchInvoice[]>()
  const past = new Map<string, PastPayment[]>()
  const currencies = new Set<string>()
  const collecting = new Map<string, readonly string[]>()
  for (const invoice of sorted) {
    invoices.set(invoice.id, invoice)
    const client = clientIds.add(invoice.client.id)
    clients.setAt(client, invoice.client)
    const own = byClient.at(client)
    if (own === undefined) byClient.setAt(client, [invoice])
    else own.push(invoice)
    currencies.add(invoice.currency)
    if (isPayable(invoice)) push(byAmount, amountKey(invoice.currency, invoice.balanceMinor), invoice)
    const collected = collectedIds(invoice)
    if (collected.length > 0) collecting.set(invoice.id, collected)
    if (invoice.payments.length === 0) continue
    push(bookedByClient, invoice.client.id, invoice)
    for (const { amountMinor, date } of invoice.payments) push(past, invoice.id, { amountMinor, date, payerKey: '' })
  }
  return { invoices, clients, byClient, byAmount, currencies, bookedByClient, past, collecting }
}

/** Notes which invoices stand for others, and which of those the book has. */
function noteCollections(book: Book, collecting: ReadonlyMap<string, readonly string[]>): void {
  for (const [id, collected] of collecting) {
    const parts = collected.filter((part) => book.invoices.has(part))
    if (parts.length === 0) continue
    book.collects.set(id, parts)
    for (const part of parts) push(book.collectedBy, part, id)
  }
}

interface Lists<Value> {
  get(key: string): Value[] | undefined
  set(key: string, list: Value[]): unknown
}

function push<Value>(map: Lists<Value>, key: string, value: Value): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
