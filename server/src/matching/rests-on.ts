import type { Book } from './book.ts'
import type { Decision } from './decide.ts'
import type { Changes } from './ledger.ts'
import type { Reading } from './links.ts'

/** The clients on whose invoices a decision rests: those that the line points to, those whose numbers it gives, and those of
 *  every reading. Where the decision is sure, invoices of strangers that merely owe as much are left out: in a large book they
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
  const exact = paysOne(reading, decision) ? clientsOwing(decision) : new Set<string>()
  return {
    ofClients: [...clients].filter((id) => !exact.has(id)),
    ofClientsOwing: [...clients].filter((id) => exact.has(id)),
    amountMinor: reading.transaction.amountMinor,
  }
}

/** Whether the line surely pays one invoice to the cent and gives no other number: then no sums are sought, neither of what the
 *  client owes nor to complete a list. */
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

/** The clients with an invoice that owes just the amount. Of those, other invoices are not looked at. */
function clientsOwing({ weighed }: Decision): Set<string> {
  return new Set(
    weighed.flatMap(({ candidate: { invoices, fit } }) =>
      invoices.length === 1 && fit === 'exact' ? (invoices[0]?.client.id ?? []) : [],
    ),
  )
}

/** A first decision without what nobody asks for again. All that was weighed for a hundred thousand lines fills the memory. */
export function withoutReadings(decision: Decision): Decision {
  return { ...decision, weighed: [], best: decision.best === null ? null : { ...decision.best, reasons: [] } }
}
