import type { Book } from './book.ts'
import type { Decision } from './decide.ts'
import type { Reading } from './links.ts'

/** The clients on whose invoices a decision rests: those that the line points to, those whose numbers it gives, and those of
 *  every reading. Where the decision is sure, invoices of strangers that merely owe as much are left out: in a large book they
 *  change with every line, and beside a sure reading they weigh next to nothing whether they are open or not. */
export function clientsBehind(book: Book, reading: Reading, decision: Decision): string[] {
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
  return [...clients]
}

/** A first decision without what nobody asks for again. All that was weighed for a hundred thousand lines fills the memory. */
export function withoutReadings(decision: Decision): Decision {
  return { ...decision, weighed: [], best: decision.best === null ? null : { ...decision.best, reasons: [] } }
}
