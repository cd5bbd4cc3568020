import type { Book } from './book.ts'
import type { Allocation, MatchInvoice } from './types.ts'

/** What is still owed while lines are given to invoices, one after the other. */
export interface Ledger {
  /** What the invoice still owes, in minor units. */
  left(invoice: MatchInvoice): bigint
  /** The last line applied here, or null. */
  lastApplied(invoiceId: string): { date: string; amountMinor: bigint } | null
  apply(allocations: readonly Allocation[], date: string): void
  /** Whether anything of one of these clients has changed since the ledger was opened. */
  hasChanged(clientIds: readonly string[]): boolean
}

/** Opens a ledger at the balances of the book. Paying a mass-payment container settles its parts, and paying a part leaves the
 *  container to a person, because it would ask for the money twice. */
export function openLedger(book: Book): Ledger {
  const taken = new Map<string, bigint>()
  const last = new Map<string, { date: string; amountMinor: bigint }>()
  const closed = new Set<string>()
  const changed = new Set<string>()
  const note = (invoiceId: string): void => {
    const invoice = book.invoices.get(invoiceId)
    if (invoice !== undefined) changed.add(invoice.client.id)
  }
  return {
    left(invoice) {
      if (changed.size === 0) return invoice.balanceMinor > 0n ? invoice.balanceMinor : 0n
      if (closed.has(invoice.id)) return 0n
      const left = invoice.balanceMinor - (taken.get(invoice.id) ?? 0n)
      return left > 0n ? left : 0n
    },
    lastApplied: (invoiceId) => last.get(invoiceId) ?? null,
    apply(allocations, date) {
      for (const { invoiceId, amountMinor } of allocations) {
        taken.set(invoiceId, (taken.get(invoiceId) ?? 0n) + amountMinor)
        last.set(invoiceId, { date, amountMinor })
        note(invoiceId)
        for (const other of [...(book.collects.get(invoiceId) ?? []), ...(book.collectedBy.get(invoiceId) ?? [])]) {
          closed.add(other)
          note(other)
        }
      }
    },
    hasChanged: (clientIds) => clientIds.some((id) => changed.has(id)),
  }
}
