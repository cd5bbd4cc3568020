import type { Book } from './book.ts'
import { candidatesOf } from './candidates.ts'
import { contrasts } from './clues.ts'
import { learnColumns } from './columns.ts'
import { weighAll } from './evidence.ts'
import { type Example, fitWeights } from './fit-weights.ts'
import { openLedger } from './ledger.ts'
import { readAgainst } from './links.ts'
import { defaultPolicy } from './policy.ts'
import type { MatchInvoice, PastDecision } from './types.ts'
import { type Signal, weights as start, type Weights } from './weights.ts'

/** Fewer decisions say more about chance than about the payers. */
const decisionsMin = 100
/** Habits change: the last decisions count. */
const decisionsMax = 200
/** A weight moves only where that many decisions agree: a few odd ones change next to nothing. */
const holdLines = 10
const rounds = 60

/** Customs are agreed, memory and the mere amount say nothing here that was known then: they stay as they are. */
const fixed: ReadonlySet<Signal> = new Set<Signal>([
  'prior',
  'amount.exact',
  'amount.alone',
  'amount.shared',
  'others.linked',
  'older.equal',
  'everything.open',
  'payer.refused',
  'tooOld.linked',
  'tooOld.unlinked',
  'client.for',
  'client.against',
  'link.known_payer',
  'link.known_once',
  'link.known_shared',
  'more.account',
])

/** The weights for one tenant: those of all, moved by what people decided about this tenant's lines. How payers write is read from
 *  their lines as if their invoices were still open, without the memory that these same lines left behind. The shipped ones where
 *  too little was decided. `bookOf` builds a book of other invoices. */
export function tenantWeights(
  invoices: readonly MatchInvoice[],
  decisions: readonly PastDecision[],
  bookOf: (invoices: readonly MatchInvoice[]) => Book,
): Weights {
  const told = decisions.slice(-decisionsMax).filter(({ accepted, invoiceIds }) => accepted && invoiceIds.length > 0)
  if (told.length < decisionsMin) return start
  const paid = new Set(told.flatMap(({ invoiceIds }) => invoiceIds))
  const book = bookOf(invoices.map((invoice) => (paid.has(invoice.id) ? reopened(invoice) : invoice)))
  const columns = learnColumns(told.map(({ transaction }) => transaction))
  const ledger = openLedger(book)
  const examples = told.flatMap(({ transaction, invoiceIds }): Example[] => {
    const reading = readAgainst(book, transaction, columns)
    const { tied } = candidatesOf(book, reading, ledger, defaultPolicy.feeToleranceMinor)
    const weighed = weighAll(reading, tied, contrasts(reading, tied), defaultPolicy)
    // What nothing but the amount or a memory tells teaches nothing about texts.
    const telling = weighed.filter(({ candidate, link }) => link !== null || candidate.mentions.length > 0)
    const wanted = new Set(invoiceIds)
    const right = telling.findIndex(
      ({ candidate: { invoices: some } }) => some.length === wanted.size && some.every(({ id }) => wanted.has(id)),
    )
    return right === -1 ? [] : [{ readings: telling.map(({ reasons }) => reasons), right }]
  })
  return fitWeights(examples, start, { holdLines, rounds, fixed })
}

const reopened = (invoice: MatchInvoice): MatchInvoice => ({
  ...invoice,
  status: 'unpaid',
  balanceMinor: invoice.totalMinor,
})
