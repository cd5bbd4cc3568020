import type { Book } from './book.ts'
import type { Decision } from './decide.ts'
import type { Changes } from './ledger.ts'
import type { Reading } from './links.ts'

/** What a decision rests on: invoices of the clients that the line points to, of those whose numbers it gives, and of those of every
 *  reading. Where the decision is sure, invoices of strangers that merely owe as much are left out: in a large book they
 *  change with every line, and beside a sure reading they weigh next to nothing whether they are open or not. */
export function restsOn(book: Book, reading: Reading, decision: Decision): Changes {
  const sure = decision.verdict.decision === 'auto'
  const clients = new Set(reading.links.keys())
  for (const { invoiceId } of reading.mentions) {
    const invoice = book.invoices.get(invoiceId)
    if (invoice !== undefined) clients.add(invoice.client.id)
  }
  for (const { candidate, link } of decision.weighed) {
    if (sure && link === null && candidate.mentions.length === 0) continue
    for (const invoice of candidate.invoices) clients.add(invoice.client.id)
  }
  if (!sure) for (const { invoices } of decision.unseen) for (const { client } of invoices) clients.add(client.id)
  const sums = paysOne(reading, decision) ? clientsOfSums(decision) : clients
  return {
    ofClients: [...sums],
    ofClientsOwing: sums === clients ? [] : [...clients].filter((id) => !sums.has(id)),
    amountMinor: reading.transaction.amountMinor,
  }
}

/** The clients whose invoices give the amount together. Where none do, none will when some of them are paid. */
const clientsOfSums = ({ weighed }: Decision): Set<string> =>
  new Set(
    weighed.flatMap(({ candidate: { invoices } }) =>
      invoices.length > 1 ? invoices.map(({ client }) => client.id) : [],
    ),
  )

/** Whether the line surely pays one invoice to the cent and gives no other number: then no sums are sought to complete a list, and
 *  only what owes as much can be as good. */
function paysOne(reading: Reading, { verdict, best }: Decision): boolean {
  if (verdict.decision !== 'auto' || best === null || best.candidate.fit !== 'exact') return false
  const [only, another] = best.candidate.invoices
  return (
    only !== undefined &&
    another === undefined &&
    reading.line.printed.length === 0 &&
    reading.mentions.every(({ invoiceId }) => invoiceId === only.id)
  )
}
