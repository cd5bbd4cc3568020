import type { Book } from './book.ts'
import type { Decision } from './decide.ts'
import type { Changes } from './ledger.ts'
import { isWhole, type Reading } from './links.ts'
import type { MatchInvoice } from './types.ts'

/** What a decision rests on: invoices of the clients that the line points to, of those whose numbers it gives, and of those of every
 *  reading. Where the decision is sure, invoices of strangers that merely owe as much are left out: in a large book they
 *  change with every line, and beside a sure reading they weigh next to nothing whether they are open or not. */
export function restsOn(book: Book, reading: Reading, decision: Decision): Changes {
  const sure = decision.verdict.decision === 'auto'
  const clients = [...reading.links.keys()]
  for (const { invoiceId } of reading.mentions) {
    const invoice = book.invoices.get(invoiceId)
    if (invoice !== undefined) addOnce(clients, invoice)
  }
  for (const { candidate, link } of decision.weighed) {
    if (sure && link === null && candidate.mentions.length === 0) continue
    for (const invoice of candidate.invoices) addOnce(clients, invoice)
  }
  if (!sure && !isNothing(decision))
    for (const { invoices } of decision.unseen) for (const invoice of invoices) addOnce(clients, invoice)
  const { amountMinor } = reading.transaction
  if (!paysOne(reading, decision, book)) return { ofClients: clients, ofClientsOwing: nobody, amountMinor }
  const sums = clientsOfSums(decision)
  return {
    ofClients: sums,
    ofClientsOwing: sums.length === 0 ? clients : clients.filter((id) => !sums.includes(id)),
    amountMinor,
  }
}

/** Whether nothing can be shown of what merely owes the amount, and that is all there is: paying some of it shows nothing more. */
function isNothing({ verdict, unseen }: Decision): boolean {
  if (verdict.decision !== 'none') return false
  const weighed = unseen.reduce((sum, { invoices }) => sum + invoices.length, 0)
  return unseen.every(({ like }) => like.candidate.sameAmount === weighed)
}

/** Shared by the many lines of which nothing of the kind is to be kept. */
const nobody: readonly string[] = []

/** There are few: a set would take longer. */
function addOnce(clients: string[], { client: { id } }: MatchInvoice): void {
  if (!clients.includes(id)) clients.push(id)
}

/** The clients whose invoices give the amount together. Where none do, none will when some of them are paid. */
function clientsOfSums({ weighed }: Decision): readonly string[] {
  if (weighed.every(({ candidate: { invoices } }) => invoices.length < 2)) return nobody
  const clients: string[] = []
  for (const { candidate } of weighed)
    if (candidate.invoices.length > 1) for (const invoice of candidate.invoices) addOnce(clients, invoice)
  return clients
}

/** Whether the line surely pays one invoice to the cent: then no sums are sought, and only what owes as much can be as good. Other
 *  numbers in it must be those of clients that nothing else in it points to, where the payer is known by more than part of a name: most
 *  are slips that hit a number which somebody else happens to have. */
function paysOne({ line, links, mentions, transaction }: Reading, { verdict, best }: Decision, book: Book): boolean {
  if (verdict.decision !== 'auto' || best === null || best.candidate.fit !== 'exact') return false
  const [only, another] = best.candidate.invoices
  if (only === undefined || another !== undefined) return false
  const isTold = best.link !== null && isWhole(best.link)
  const isStrangers = (invoiceId: string): boolean => {
    const invoice = book.invoices.get(invoiceId)
    return invoice !== undefined && !links.has(invoice.client.id)
  }
  return (
    // What merely looks like another currency is none of the book's: 30.08.24 INV.
    line.printed.every(({ currency }) => currency === transaction.currency || !book.currencies.has(currency)) &&
    mentions.every(({ invoiceId }) => invoiceId === only.id || (isTold && isStrangers(invoiceId)))
  )
}
