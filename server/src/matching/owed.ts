import { timesOf } from './asides.ts'
import type { Gathering } from './gathering.ts'
import { isPayable } from './book.ts'
import { isMeant, serviceKey } from './periods.ts'
import { setsOfSum } from './sums.ts'
import type { MatchInvoice } from './types.ts'

/** Equal invoices of a client, and such that owe nearly the amount: the oldest are paid first, and more help nobody choose. */
const equalMax = 30

/** What a client owes in the currency of the line, oldest first, and how much. */
interface Owed {
  invoices: MatchInvoice[]
  lefts: bigint[]
}

/** What a client owes that the line may pay: what owes just the amount, else the only one, everything, a sum, or what nearly fits. */
export function addOwed(found: Gathering, clientId: string): void {
  const { book, reading, ledger } = found
  const { amountMinor, currency } = reading.transaction
  const owed: Owed = { invoices: [], lefts: [] }
  const equal: MatchInvoice[] = []
  const printed: MatchInvoice[] = []
  // Few books have invoices for several, and looking for an id that is not there reaches far into the memory.
  const collects = book.collects.size > 0
  for (const invoice of book.byClient.get(clientId) ?? []) {
    if (!isPayable(invoice)) continue
    const left = ledger.left(invoice)
    if (left === 0n || (collects && book.collects.has(invoice.id))) continue
    if (invoice.currency === currency) {
      owed.invoices.push(invoice)
      owed.lefts.push(left)
      if (left === amountMinor) equal.push(invoice)
    } else if (isPrinted(found, invoice, left)) printed.push(invoice)
  }
  addEqual(found, equal)
  for (const invoice of printed) found.one(invoice)
  if (equal.length > 0) return
  const [only, another] = owed.invoices
  if (only !== undefined && another === undefined) found.one(only)
  else if (only !== undefined) {
    addTogether(found, owed)
    addNearly(found, owed)
  }
}

/** Whether the line prints what the invoice owes in its own currency. */
function isPrinted({ reading: { line } }: Gathering, { currency }: MatchInvoice, left: bigint): boolean {
  return line.printed.some((money) => money.currency === currency && money.amountMinor === left)
}

/** Invoices that owe just what came: of each service the one that is meant or oldest, then the others. */
function addEqual(found: Gathering, equal: readonly MatchInvoice[]): void {
  const [only, another] = equal
  // Nearly always there is one, and services need not be compared.
  if (only !== undefined && another === undefined) found.one(only)
  if (another === undefined) return
  const times = timesOf(found.reading)
  const services = [...Map.groupBy(equal, serviceKey).values()]
  if (equal.length > equalMax) found.limits.add('equal')
  // Of each service at least the one that is paid first.
  const shownOfEach = Math.max(1, Math.floor(equalMax / services.length))
  for (const group of services.slice(0, equalMax)) {
    // A month that the text names goes before the oldest.
    const meant = group.filter((invoice) => isMeant(invoice, times))
    const ordered = [...meant, ...group.filter((invoice) => !meant.includes(invoice))]
    // What is with collections or already being paid does not hold back the others.
    const first = ordered.find((invoice) => invoice.status === 'unpaid') ?? ordered[0]
    const weighed = equal.length > equalMax ? ordered.slice(0, shownOfEach) : ordered
    if (first !== undefined && !weighed.includes(first)) weighed.push(first)
    for (const invoice of weighed) found.one(invoice, { newerEqual: invoice !== first })
  }
}

/** Several invoices that come to the amount: everything, those of the months that the text names, or the only sum. */
function addTogether(found: Gathering, { invoices, lefts }: Owed): void {
  const { amountMinor } = found.reading.transaction
  // What is with collections or already being paid is not meant by who pays everything.
  const due = invoices.filter((invoice) => invoice.status === 'unpaid')
  const total = invoices.reduce((sum, invoice, at) => (invoice.status === 'unpaid' ? sum + (lefts[at] ?? 0n) : sum), 0n)
  if (due.length > 1 && total === amountMinor) {
    found.several(due, { everythingOpen: true })
    return
  }
  if (total <= amountMinor || addMeant(found, due)) return
  const sets = setsOfSum(due, amountMinor, (invoice) => found.ledger.left(invoice))
  if (sets === null) found.limits.add('sums')
  for (const set of sets ?? []) found.several(set)
}

/** The invoices of the months that the text names, where together they are what came. */
function addMeant(found: Gathering, due: readonly MatchInvoice[]): boolean {
  const times = timesOf(found.reading)
  const meant = due.filter((invoice) => isMeant(invoice, times))
  const sum = meant.reduce((total, invoice) => total + found.ledger.left(invoice), 0n)
  if (meant.length < 2 || sum !== found.reading.transaction.amountMinor) return false
  found.several(meant)
  return true
}

/** What owes within a hundredth of the amount. */
function addNearly(found: Gathering, { invoices, lefts }: Owed): void {
  const { amountMinor } = found.reading.transaction
  let nearly = 0
  invoices.forEach((invoice, at) => {
    const left = lefts[at] ?? 0n
    const apart = left > amountMinor ? left - amountMinor : amountMinor - left
    if (apart * 100n > left) return
    if (++nearly > equalMax) found.limits.add('equal')
    else found.one(invoice)
  })
}
