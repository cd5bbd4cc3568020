import { amountKey, type Book, isPayable } from './book.ts'
import type { Ledger } from './ledger.ts'
import { namesakesMax, type Reading } from './links.ts'
import { isMeant, serviceKey } from './periods.ts'
import type { Mention } from './references.ts'
import { setsOfSum } from './sums.ts'
import type { MatchInvoice } from './types.ts'

/** How the money compares with what the invoices owe. */
export type AmountFit = 'exact' | 'sum' | 'printed' | 'cents' | 'close' | 'fee' | 'over' | 'part' | 'other'

/** One way to read a line: these invoices, because of these findings. Not weighed yet. */
export interface Candidate {
  invoices: MatchInvoice[]
  fit: AmountFit
  mentions: Mention[]
  /** Another open invoice of the same service and amount is older. */
  newerEqual: boolean
  /** The text names the first of a list, and only these others complete the sum. */
  completed: boolean
  /** The text names the first and the last of a range, and these are all of it. */
  ranged: boolean
  /** It is paid with more than it owes, and the rest is just what other open invoices of the client come to. */
  restPaysOthers: boolean
  /** How many open invoices owe just this amount. */
  sameAmount: number
  everythingOpen: boolean
  currencyDiffers: boolean
}

const linkedClientsMax = 6
/** Equal invoices of a client, and such that owe nearly the amount: the oldest are paid first, and more help nobody choose. */
const equalMax = 30
/** A few of the smallest unit are rounding: tax per line against tax on the sum, or cash. */
const centsMax = 5n

function fitOf(amountMinor: bigint, owedMinor: bigint, count: number, feeToleranceMinor: bigint): AmountFit {
  const missing = owedMinor - amountMinor
  if (missing === 0n) return count > 1 ? 'sum' : 'exact'
  const apart = missing < 0n ? -missing : missing
  if (apart <= centsMax && apart * 100n <= owedMinor) return 'cents'
  if (apart * 100n <= owedMinor) return 'close'
  if (missing > 0n) return missing <= feeToleranceMinor ? 'fee' : 'part'
  return 'over'
}

/** Invoices whose numbers lie between two that are joined to a range, at most ten. */
function between(book: Book, from: MatchInvoice, to: MatchInvoice): MatchInvoice[] {
  const printed = from.number || from.id
  const digits = /\d+$/.exec(printed)?.[0]
  const end = /\d+$/.exec(to.number || to.id)?.[0]
  if (digits === undefined || end === undefined || BigInt(end) <= BigInt(digits) || BigInt(end) - BigInt(digits) > 10n)
    return []
  const found: MatchInvoice[] = []
  for (let number = BigInt(digits) + 1n; number < BigInt(end); number += 1n) {
    const key = (printed.slice(0, -digits.length) + String(number).padStart(digits.length, '0'))
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, '')
    const entry = book.references.keys.get(key)?.find((candidate) => candidate.coverage !== 'tail')
    const invoice = entry === undefined ? undefined : book.invoices.get(entry.invoiceId)
    if (invoice !== undefined) found.push(invoice)
  }
  return found
}

/** What was not looked at because there was too much of it. */
export type Limit = 'sums' | 'equal' | 'clients' | 'amount'

/** What a line may pay. */
export interface Candidates {
  /** Something in the line is about the client. */
  tied: Candidate[]
  /** Invoices that merely owe the amount; of `sameAmount` such the oldest few. */
  strangers: readonly MatchInvoice[]
  sameAmount: number
}

/** All readings of a line that are worth weighing: what its numbers name, what its payer owes, what has its amount. What was too
 *  much to be looked at is added to `limits`. */
export function candidatesOf(
  book: Book,
  reading: Reading,
  ledger: Ledger,
  feeToleranceMinor: bigint,
  limits: Set<Limit> = new Set(),
): Candidates {
  const { transaction } = reading
  const candidates = new Map<string, Candidate>()
  const { best } = reading
  const open = (invoice: MatchInvoice): boolean => isPayable(invoice) && ledger.left(invoice) > 0n
  const add = (invoices: MatchInvoice[], more: Partial<Candidate> = {}): void => {
    const only = invoices.length === 1 ? invoices[0] : undefined
    const key =
      only?.id ??
      invoices
        .map((invoice) => invoice.id)
        .sort()
        .join(' ')
    if (invoices.length === 0 || candidates.has(key)) return
    const owed =
      only === undefined ? invoices.reduce((sum, invoice) => sum + ledger.left(invoice), 0n) : ledger.left(only)
    const currencyDiffers = invoices.some((invoice) => invoice.currency !== transaction.currency)
    const printed =
      currencyDiffers &&
      reading.line.printed.some((money) => money.currency === invoices[0]?.currency && money.amountMinor === owed)
    candidates.set(key, {
      invoices,
      fit: currencyDiffers
        ? printed
          ? 'printed'
          : 'other'
        : fitOf(transaction.amountMinor, owed, invoices.length, feeToleranceMinor),
      mentions: best.size === 0 ? [] : invoices.flatMap((invoice) => best.get(invoice.id) ?? []),
      newerEqual: more.newerEqual ?? false,
      completed: more.completed ?? false,
      ranged: more.ranged ?? false,
      restPaysOthers: false,
      sameAmount: more.sameAmount ?? 1,
      everythingOpen: more.everythingOpen ?? false,
      currencyDiffers,
    })
  }

  // What the text names: together when it names several, and each alone.
  const openOf = (mention: Mention): { mention: Mention; invoice: MatchInvoice }[] => {
    const invoice = book.invoices.get(mention.invoiceId)
    return invoice !== undefined && open(invoice) ? [{ mention, invoice }] : []
  }
  const named = best.size === 0 ? [] : [...best.values()].flatMap(openOf)
  const mentioned = named.length === 0 ? [] : reading.mentions.flatMap(openOf)
  addNamedSets(book, mentioned, open, add)
  for (const { invoice } of named) add([invoice])
  const list = named.filter(({ mention }) => mention.coverage !== 'tail').map(({ invoice }) => invoice)
  // A list that already comes to the amount lacks nothing.
  const isComplete = [...candidates.values()].some(
    ({ fit, mentions, invoices }) => fit === 'sum' && mentions.length === invoices.length,
  )
  if (!isComplete) addCompleted(book, list, ledger, transaction.amountMinor, open, add, limits)

  // What the payer, or the client that the text names, owes.
  if (Math.max(reading.namesakes.payer, reading.namesakes.text) > namesakesMax) limits.add('clients')
  let clients = 0
  for (const clientId of reading.links.keys()) {
    if (clients === linkedClientsMax) {
      limits.add('clients')
      break
    }
    clients += 1
    addOwed(book, reading, ledger, book.byClient.get(clientId) ?? [], open, add, limits)
  }

  // A set that comes to the amount explains what a part of it leaves over.
  const whole = [...candidates.values()].filter(({ fit, mentions }) => fit === 'sum' && mentions.length > 0)
  for (const one of candidates.values())
    one.restPaysOthers =
      one.fit === 'over' && whole.some(({ invoices }) => one.invoices.every((invoice) => invoices.includes(invoice)))

  // What merely has the amount. Nearly all that a line of a large book could pay is of this kind.
  const owing = ledger.owing(transaction.currency, transaction.amountMinor)
  const tied = [...candidates.values()]
  if (owing.length === 0) return { tied, strangers: none, sameAmount: 0 }
  const sameAmount = book.byAmount.get(amountKey(transaction.currency, transaction.amountMinor))?.length ?? 0
  if (sameAmount > owing.length && reading.links.size === 0 && best.size === 0) limits.add('amount')
  const strangers: MatchInvoice[] = []
  for (const invoice of owing) {
    if (candidates.has(invoice.id)) continue
    if (isStrange(reading, tied, invoice.client.id)) strangers.push(invoice)
    else tied.push(merelyOwing(invoice, sameAmount))
  }
  return { tied, strangers, sameAmount }
}

const none: readonly MatchInvoice[] = []

/** Whether nothing in the line is about the client. */
function isStrange(reading: Reading, tied: readonly Candidate[], clientId: string): boolean {
  return (
    !reading.links.has(clientId) &&
    !reading.refused.has(clientId) &&
    !reading.openNamed.some((invoice) => invoice.client.id === clientId) &&
    !tied.some(({ invoices }) => invoices.some((invoice) => invoice.client.id === clientId))
  )
}

/** The reading that nothing but the amount speaks for. */
export const merelyOwing = (invoice: MatchInvoice, sameAmount: number): Candidate => ({
  invoices: [invoice],
  fit: 'exact',
  mentions: [],
  newerEqual: false,
  completed: false,
  sameAmount,
  everythingOpen: false,
  currencyDiffers: false,
  ranged: false,
  restPaysOthers: false,
})

type Add = (invoices: MatchInvoice[], more?: Partial<Candidate>) => void

function addNamedSets(
  book: Book,
  named: { mention: Mention; invoice: MatchInvoice }[],
  open: (invoice: MatchInvoice) => boolean,
  add: Add,
): void {
  const solid = named.filter(({ mention }) => mention.coverage !== 'tail' || mention.announced === 'invoice')
  const list = [...solid].sort(
    (left, right) => left.mention.field - right.mention.field || left.mention.start - right.mention.start,
  )
  const first = list[0]
  if (first === undefined || list.length < 2) return
  // One field is enough: the others repeat it in another reading of its breaks.
  const fields = Map.groupBy(list, ({ mention }) => mention.field)
  for (const field of fields.values()) {
    const spans = new Map(field.map((entry) => [entry.mention.start, entry]))
    if (spans.size < 2) continue
    const entries = [...spans.values()]
    const filled = entries.flatMap((entry, at) => {
      const next = entries[at + 1]
      return entry.mention.opensRange && next !== undefined
        ? [entry.invoice, ...between(book, entry.invoice, next.invoice).filter(open)]
        : [entry.invoice]
    })
    const sets = filled.length > entries.length ? [filled, entries.map((entry) => entry.invoice)] : [filled]
    for (const set of sets)
      if (new Set(set.map((invoice) => invoice.currency)).size === 1) add(set, { ranged: set.length > entries.length })
  }
}

/** A list whose end was cut off: the named invoices and others of their client that give the amount together. */
function addCompleted(
  book: Book,
  listed: readonly MatchInvoice[],
  ledger: Ledger,
  amountMinor: bigint,
  open: (invoice: MatchInvoice) => boolean,
  add: Add,
  limits: Set<Limit>,
): void {
  const first = listed[0]
  const rest = listed.reduce((left, invoice) => left - ledger.left(invoice), amountMinor)
  if (first === undefined || rest <= 0n || listed.some((invoice) => invoice.client.id !== first.client.id)) return
  const others = (book.byClient.get(first.client.id) ?? []).filter(
    (other) =>
      !listed.includes(other) && open(other) && other.currency === first.currency && !book.collects.has(other.id),
  )
  const sets = setsOfSum(others, rest, (other) => ledger.left(other), 1)
  if (sets === null) limits.add('sums')
  for (const set of sets ?? []) add([...listed, ...set], { completed: true })
}

/** The invoices of the months that the text names, where together they are what came. */
function addMeant(reading: Reading, due: readonly MatchInvoice[], ledger: Ledger, add: Add): boolean {
  const meant = due.filter((invoice) => isMeant(invoice, reading))
  const sum = meant.reduce((total, invoice) => total + ledger.left(invoice), 0n)
  if (meant.length < 2 || sum !== reading.transaction.amountMinor) return false
  add(meant)
  return true
}

function addOwed(
  book: Book,
  reading: Reading,
  ledger: Ledger,
  all: readonly MatchInvoice[],
  open: (invoice: MatchInvoice) => boolean,
  add: Add,
  limits: Set<Limit>,
): void {
  const { transaction } = reading
  const payable = all.filter((invoice) => open(invoice) && !book.collects.has(invoice.id))
  const owed = payable.filter((invoice) => invoice.currency === transaction.currency)
  const lefts = owed.map((invoice) => ledger.left(invoice))
  const equal = owed.filter((_invoice, at) => lefts[at] === transaction.amountMinor)
  // Nearly always there is one, and services need not be compared.
  const services = equal.length < 2 ? [equal] : [...Map.groupBy(equal, serviceKey).values()]
  if (equal.length > equalMax) limits.add('equal')
  // Of each service at least the one that is paid first.
  const shownOfEach = Math.max(1, Math.floor(equalMax / services.length))
  for (const group of services.slice(0, equalMax)) {
    // A month that the text names goes before the oldest.
    const meant = group.filter((invoice) => isMeant(invoice, reading))
    const ordered = [...meant, ...group.filter((invoice) => !meant.includes(invoice))]
    // What is with collections or already being paid does not hold back the others.
    const first = ordered.find((invoice) => invoice.status === 'unpaid') ?? ordered[0]
    const weighed = equal.length > equalMax ? ordered.slice(0, shownOfEach) : ordered
    if (first !== undefined && !weighed.includes(first)) weighed.push(first)
    for (const invoice of weighed) add([invoice], { newerEqual: invoice !== first })
  }
  for (const invoice of reading.line.printed.length === 0 ? [] : payable) {
    if (
      reading.line.printed.some(
        (money) =>
          money.currency === invoice.currency &&
          money.currency !== transaction.currency &&
          money.amountMinor === ledger.left(invoice),
      )
    )
      add([invoice])
  }
  if (equal.length > 0) return
  const only = owed[0]
  if (owed.length === 1 && only !== undefined) {
    add([only])
    return
  }
  // What is with collections or already being paid is not meant by who pays everything.
  const due = owed.filter((invoice) => invoice.status === 'unpaid')
  const total = due.reduce((sum, invoice) => sum + ledger.left(invoice), 0n)
  if (due.length > 1 && total === transaction.amountMinor) add(due, { everythingOpen: true })
  else if (total > transaction.amountMinor && !addMeant(reading, due, ledger, add)) {
    const sets = setsOfSum(due, transaction.amountMinor, (invoice) => ledger.left(invoice))
    if (sets === null) limits.add('sums')
    for (const set of sets ?? []) add(set)
  }
  let nearly = 0
  owed.forEach((invoice, at) => {
    const left = lefts[at] ?? 0n
    const apart = left > transaction.amountMinor ? left - transaction.amountMinor : transaction.amountMinor - left
    if (apart * 100n > left) return
    if (++nearly > equalMax) limits.add('equal')
    else add([invoice])
  })
}
