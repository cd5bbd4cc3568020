import { accountKey, type Book, kindOfCode, payerOf } from './book.ts'
import { type Columns, learnColumns } from './columns.ts'
import { type Decision, decide } from './decide.ts'
import { type Changes, type Ledger, openLedger } from './ledger.ts'
import { type Reading, readAgainst } from './links.ts'
import { decideMemos } from './memo-verdicts.ts'
import { restsOn } from './rests-on.ts'
import { compareText } from './text.ts'
import type { Allocation, MatchPolicy, MatchTransaction, Verdict } from './types.ts'

/** Lines that are decided together, in their fixed order, before any of them has taken its invoices. */
export interface Run {
  book: Book
  policy: MatchPolicy
  ledger: Ledger
  columns: Columns
  /** Oldest first. What pays nothing of its own (money out) and copies of memos are left out. */
  lines: readonly MatchTransaction[]
  /** What was decided about copies of memos (memos.ts). */
  memos: ReadonlyMap<MatchTransaction, Verdict>
}

/** The order of the input does not matter. */
export function openRun(book: Book, transactions: readonly MatchTransaction[], policy: MatchPolicy): Run {
  const ordered = transactions
    .filter((transaction) => transaction.direction === 'credit' && transaction.amountMinor > 0n)
    .sort((left, right) => compareText(left.date, right.date) || compareText(left.id, right.id))
  const ledger = openLedger(book)
  const memos = decideMemos(book, ordered, ledger, policy)
  return {
    book,
    policy,
    ledger,
    columns: columnsOf(book, ordered),
    lines: memos.size === 0 ? ordered : ordered.filter((transaction) => !memos.has(transaction)),
    memos,
  }
}

const columnsOf = (book: Book, ordered: readonly MatchTransaction[]): Columns =>
  learnColumns([...book.decisions.map(({ transaction }) => transaction), ...ordered], (line, codes, at) =>
    kindOfCode(book, line, codes, at),
  )

/** What the payer of a line is known by. */
export interface Payer {
  account: string | undefined
  /** Clients that past decisions tie to the payer's account. */
  known: readonly string[]
  /** Clients that the line points to with more than half a name. */
  meant: readonly string[]
}

/** What a line shows at first, as plain data that may come from another thread. `Told` is what the caller keeps of a verdict: all
 *  that was read and weighed for a hundred thousand lines fills the memory, and most of it is never asked for again. */
export interface Look<Told> {
  decision: Verdict['decision']
  told: Told
  payer: Payer
  /** What must not change for it to stay so. */
  rests: Changes
  best: BestLook | null
}

/** The best reading, where one is proposed. */
export interface BestLook {
  logOdds: number
  invoiceIds: readonly string[]
  allocations: readonly Allocation[]
  /** The text gives numbers, and the amount is just what they owe. */
  namesExactly: boolean
  /** The same with numbers that stand on their own, and nothing in the line tells the payer. */
  namesWithoutPayer: boolean
}

/** What is kept of a verdict. */
export type Tell<Told> = (transaction: MatchTransaction, verdict: Verdict) => Told

/** Reads a line of the run and decides about it as if it were alone. */
export function lookAt<Told>(
  { book, policy, ledger, columns, lines }: Run,
  at: number,
  tell: Tell<Told>,
): { look: Look<Told>; reading: Reading; decision: Decision } {
  const transaction = lines[at]!
  const reading = readAgainst(book, transaction, columns)
  const decision = decide(book, reading, ledger, policy, null)
  const { verdict } = decision
  const look: Look<Told> = {
    decision: verdict.decision,
    told: tell(transaction, verdict),
    payer: payerIn(reading),
    rests: restsOn(book, reading, decision),
    best: bestOf(decision, reading),
  }
  return { look, reading, decision }
}

function bestOf({ best, verdict }: Decision, reading: Reading): BestLook | null {
  if (best === null) return null
  const { fit, invoices, mentions } = best.candidate
  return {
    logOdds: best.logOdds,
    invoiceIds: invoices.map(({ id }) => id),
    allocations: verdict.decision === 'auto' ? (verdict.best?.allocations ?? nothing) : nothing,
    namesExactly: mentions.length > 0 && (fit === 'exact' || fit === 'sum'),
    namesWithoutPayer: best.named && fit === 'exact' && reading.links.size === 0,
  }
}

/** Shared by the many looks that have nothing there. */
const nothing: readonly never[] = []

function payerIn({ transaction, line, links }: Reading): Payer {
  const account = accountKey(payerOf(transaction, line))
  if (links.size === 0) return { account, known: nothing, meant: nothing }
  const known: string[] = []
  const meant: string[] = []
  for (const [clientId, kinds] of links) {
    if (kinds.some(({ kind }) => kind === 'known_payer')) known.push(clientId)
    if (kinds.some(({ kind }) => kind !== 'payer_name_partly')) meant.push(clientId)
  }
  return { account, known: known.length === 0 ? nothing : known, meant: meant.length === 0 ? nothing : meant }
}

/** Whether two lines come from one payer: one account, or, where a bank tells no account, one client that both point to. */
export function samePayer(left: Payer, right: Payer): boolean {
  if (left.account !== undefined && left.account === right.account) return true
  if (left.account !== undefined && right.account !== undefined)
    return left.known.some((clientId) => right.known.includes(clientId))
  return left.meant.some((clientId) => right.meant.includes(clientId))
}
