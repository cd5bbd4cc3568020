import type { Book } from './book.ts'
import { type Candidate, merelyOwing } from './candidate.ts'
import { Gathering, type Limit } from './gathering.ts'
import { type Ledger, nothingOwed, type Owing } from './ledger.ts'
import { isWhole, namesakesMax, type Reading } from './links.ts'
import { addCompleted, addNamedSets, type Named } from './named-sets.ts'
import { addOwed } from './owed.ts'
import { type Mention, standsAlone } from './references.ts'
import type { MatchInvoice } from './types.ts'

const linkedClientsMax = 6

/** What a line may pay. */
export interface Candidates {
  /** Something in the line is about the client. */
  tied: readonly Candidate[]
  /** Invoices that merely owe the amount, some of `owing`. */
  strangers: readonly MatchInvoice[]
  owing: Owing
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
  const found = new Gathering(book, reading, ledger, feeToleranceMinor, limits)
  if (reading.best.size > 0) addNamed(found)
  addOwedByLinked(found)
  markRests(found.all)
  return withOwing(found)
}

/** What the text names: together when it names several, and each alone. */
function addNamed(found: Gathering): void {
  const { book, reading } = found
  const openOf = (mention: Mention): Named[] => {
    const invoice = book.invoices.get(mention.invoiceId)
    return invoice !== undefined && found.isOpen(invoice) ? [{ mention, invoice }] : []
  }
  const named = [...reading.best.values()].flatMap(openOf)
  if (named.length === 0) return
  if (reading.mentions.length > 1) addNamedSets(found, reading.mentions.flatMap(openOf))
  for (const { invoice } of named) found.one(invoice)
  // A list that already comes to the amount lacks nothing.
  if (found.all.some(({ fit, mentions, invoices }) => fit === 'sum' && mentions.length === invoices.length)) return
  addCompleted(
    found,
    named.filter(({ mention }) => mention.coverage !== 'tail').map(({ invoice }) => invoice),
  )
}

/** What the payer, or the client that the text names, owes. */
function addOwedByLinked(found: Gathering): void {
  const { namesakes, links } = found.reading
  if (Math.max(namesakes.payer, namesakes.text) > namesakesMax) found.limits.add('clients')
  let clients = 0
  for (const clientId of links.keys()) {
    if (clients === linkedClientsMax) {
      found.limits.add('clients')
      break
    }
    clients += 1
    addOwed(found, clientId)
  }
}

/** A set that comes to the amount explains what a part of it leaves over. */
function markRests(all: readonly Candidate[]): void {
  const whole = all.filter(({ fit, mentions }) => fit === 'sum' && mentions.length > 0)
  if (whole.length === 0) return
  for (const one of all)
    one.restPaysOthers =
      one.fit === 'over' && whole.some(({ invoices }) => one.invoices.every((invoice) => invoices.includes(invoice)))
}

/** With what merely has the amount. Nearly all that a line of a large book could pay is of this kind. */
function withOwing({ reading, ledger, limits, all }: Gathering): Candidates {
  if (limits.size === 0 && all.some((candidate) => isTold(reading, candidate)))
    return { tied: all, strangers: nothingOwed.invoices, owing: nothingOwed }
  const { currency, amountMinor } = reading.transaction
  const owing = ledger.owing(currency, amountMinor)
  const { invoices, clientIds, count } = owing
  if (invoices.length === 0) return { tied: all, strangers: invoices, owing }
  // What the clients that the line points to owe just so is a reading already, unless there were too many; and where the line is about
  // nobody else, nobody need be asked whose the others are.
  const isAboutLinked = reading.best.size === 0 && reading.refused.size === 0 && limits.size === 0
  if (count > invoices.length && reading.links.size === 0 && reading.best.size === 0) limits.add('amount')
  if (isAboutLinked) return { tied: all, strangers: invoices.filter((invoice) => !isReading(all, invoice)), owing }
  const tied = [...all]
  const strangers: MatchInvoice[] = []
  invoices.forEach((invoice, at) => {
    if (isStrange(reading, all, clientIds[at]!)) strangers.push(invoice)
    else if (!isReading(all, invoice)) tied.push(merelyOwing(invoice, count))
  })
  return { tied, strangers, owing }
}

/** Whether number, payer and amount agree on what the line pays, and it speaks of nothing else: who else owes as much says nothing
 *  then, and is not worth a sentence. */
function isTold(reading: Reading, { fit, mentions, invoices: [only, another] }: Candidate): boolean {
  const [mention] = mentions
  return (
    fit === 'exact' &&
    only !== undefined &&
    another === undefined &&
    mention !== undefined &&
    standsAlone(mention, false) &&
    reading.best.size === 1 &&
    reading.refused.size === 0 &&
    reading.links.get(only.client.id)?.some(isWhole) === true
  )
}

const isReading = (all: readonly Candidate[], invoice: MatchInvoice): boolean =>
  all.some(({ invoices: [only, another] }) => another === undefined && only === invoice)

/** Whether nothing in the line is about the client. */
function isStrange(reading: Reading, tied: readonly Candidate[], clientId: string): boolean {
  return (
    !reading.links.has(clientId) &&
    !reading.refused.has(clientId) &&
    !reading.openNamed.some((invoice) => invoice.client.id === clientId) &&
    !tied.some(({ invoices }) => invoices.some((invoice) => invoice.client.id === clientId))
  )
}
