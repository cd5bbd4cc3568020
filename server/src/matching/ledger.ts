import { amountKey, type Book } from './book.ts'
import { dueOf } from './evidence.ts'
import { compareText } from './text.ts'
import type { Allocation, MatchInvoice } from './types.ts'

/** What is still owed while lines are given to invoices, one after the other. */
export interface Ledger {
  /** What the invoice still owes, in minor units. */
  left(invoice: MatchInvoice): bigint
  /** The last line applied here, or null. */
  lastApplied(invoiceId: string): { date: string; amountMinor: bigint } | null
  owing(currency: string, amountMinor: bigint): Owing
  apply(allocations: readonly Allocation[], date: string): void
  /** Whether any of this has changed since the ledger was opened. */
  hasChanged(changes: Changes): boolean
}

/** The oldest few invoices that owe just some amount. What is asked of them for each line stands beside them: in a large book an invoice
 *  is far away. */
export interface Owing {
  invoices: readonly MatchInvoice[]
  clientIds: readonly string[]
  /** The days they were written and are due: first and last. */
  written: readonly [string, string]
  due: readonly [string, string]
  /** How many owed it when the ledger was opened. */
  count: number
}

/** What may change for a line when others are given their invoices. */
export interface Changes {
  /** Anything of these clients. */
  ofClients: readonly string[]
  /** Of these clients, only what owed or owes the amount. */
  ofClientsOwing: readonly string[]
  amountMinor: bigint
}

/** What lines have paid of one invoice. */
interface Applied {
  takenMinor: bigint
  last: { date: string; amountMinor: bigint }
}

/** Readings by amount alone are for a person; more than a few help nobody. */
const owingMax = 5
/** Common amounts have thousands of invoices: looking at the oldest few keeps a run linear. */
const owingScanned = 60

/** Where nothing owes the amount, or nobody asks. */
export const nothingOwed: Owing = { invoices: [], clientIds: [], written: ['', ''], due: ['', ''], count: 0 }

/** What has no day is never long due. */
const never = '9999-12-31'

const firstAndLast = (days: readonly string[]): [string, string] => {
  const sorted = days.toSorted(compareText)
  return [sorted[0] ?? '', sorted.at(-1) ?? '']
}

/** Opens a ledger at the balances of the book. Paying a mass-payment container settles its parts, and paying a part leaves the
 *  container to a person, because it would ask for the money twice. */
export function openLedger(book: Book): Ledger {
  const applied = new Map<string, Applied>()
  const closed = new Set<string>()
  const changed = new Map<string, MatchInvoice[]>()
  const owing = new Map<string, Owing>()
  const note = (invoiceId: string): void => {
    const invoice = book.invoices.get(invoiceId)
    if (invoice === undefined) return
    const owed = amountKey(invoice.currency, invoice.balanceMinor)
    if (owing.get(owed)?.invoices.includes(invoice) === true) owing.delete(owed)
    const known = changed.get(invoice.client.id)
    if (known === undefined) changed.set(invoice.client.id, [invoice])
    else known.push(invoice)
  }
  const left = (invoice: MatchInvoice): bigint => {
    if (changed.size === 0) return invoice.balanceMinor > 0n ? invoice.balanceMinor : 0n
    if (closed.size > 0 && closed.has(invoice.id)) return 0n
    const rest = invoice.balanceMinor - (applied.get(invoice.id)?.takenMinor ?? 0n)
    return rest > 0n ? rest : 0n
  }
  const oldestOwing = (listed: readonly MatchInvoice[], amountMinor: bigint): MatchInvoice[] => {
    const found: MatchInvoice[] = []
    for (let at = 0; at < Math.min(listed.length, owingScanned) && found.length < owingMax; at += 1) {
      const invoice = listed[at]
      if (invoice !== undefined && left(invoice) === amountMinor && !book.collects.has(invoice.id)) found.push(invoice)
    }
    return found
  }
  return {
    left,
    lastApplied: (invoiceId) => applied.get(invoiceId)?.last ?? null,
    owing(currency, amountMinor) {
      const key = amountKey(currency, amountMinor)
      const known = owing.get(key)
      if (known !== undefined) return known
      const listed = book.byAmount.get(key)
      if (listed === undefined) return nothingOwed
      const invoices = oldestOwing(listed, amountMinor)
      const found: Owing = {
        invoices,
        clientIds: invoices.map(({ client }) => client.id),
        written: firstAndLast(invoices.map(({ date }) => date)),
        due: firstAndLast(invoices.map((invoice) => dueOf(invoice) || never)),
        count: listed.length,
      }
      owing.set(key, found)
      return found
    },
    apply(allocations, date) {
      for (const { invoiceId, amountMinor } of allocations) {
        const last = { date, amountMinor }
        const known = applied.get(invoiceId)
        if (known === undefined) applied.set(invoiceId, { takenMinor: amountMinor, last })
        else applied.set(invoiceId, { takenMinor: known.takenMinor + amountMinor, last })
        note(invoiceId)
        if (book.collects.size === 0) continue
        for (const other of [...(book.collects.get(invoiceId) ?? []), ...(book.collectedBy.get(invoiceId) ?? [])]) {
          closed.add(other)
          note(other)
        }
      }
    },
    hasChanged: ({ ofClients, ofClientsOwing, amountMinor }) =>
      ofClients.some((id) => changed.has(id)) ||
      ofClientsOwing.some((id) =>
        changed.get(id)?.some((invoice) => invoice.balanceMinor === amountMinor || left(invoice) === amountMinor),
      ),
  }
}
