import { exactMinor } from './exact.ts'
import { type Book, isPayable } from './book.ts'
import { compareMemos, fillersOf, type Memo, memoOf } from './memo-text.ts'
import { assignPairs, type Edge } from './sparse-assignment.ts'
import { compareText, daysBetween } from './text.ts'
import type { MatchInvoice, MatchTransaction, PastDecision } from './types.ts'

/** Books of memos: where an invoice says nothing but the text its payer once wrote, there is no number and no client, only two
 *  copies of one payment, as sent and as received. They are paired by text, amount and day, all at once. How much amounts drift
 *  and how long money takes is learned from the book itself, without labels, from the pairs that leave no doubt (as in
 *  Fellegi and Sunter's model, by expectation and maximisation); decisions that people took are added to those. */

export interface MemoMatch {
  invoice: MatchInvoice
  /** Log-odds of this pair against every other way to pair its line and its invoice. */
  logOdds: number
  text: number
  amount: number
  days: number
}

const daysMax = 45
const daysEarly = 3
const driftMax = 0.2
const candidatesMax = 60
const rounds = 4

interface Side {
  memo: Memo
  log: number
  day: string
}

/** What is known of how the two copies differ. `exact`: the share with the very amount; `spread`: of the logarithm of the
 *  ratio otherwise; `delays`: the share of each number of days. */
interface Model {
  exact: number
  spread: number
  delays: Float64Array
  contradicts: number
  differs: number
}

const firstModel = (): Model => {
  const delays = new Float64Array(daysMax + daysEarly + 1)
  delays.forEach((_, at) => {
    const days = at - daysEarly
    delays[at] = days < 0 ? 0.005 : Math.exp(-days / 6) / 6.5
  })
  return { exact: 0.4, spread: 0.04, delays, contradicts: 0.002, differs: 0.02 }
}

const minorLog = (amountMinor: bigint): number => Math.log(exactMinor(amountMinor))

/** Pairs all credits with the memo invoices of the book. Empty where the book holds none. */
export function matchMemos(
  book: Book,
  transactions: readonly MatchTransaction[],
  decisions: readonly PastDecision[],
): Map<MatchTransaction, MemoMatch> {
  const all = book.memos
  const open = all.filter(isPayable).sort((left, right) => compareText(left.id, right.id))
  if (open.length === 0) return new Map()
  const lines = transactions
    .filter((line) => line.direction === 'credit')
    .sort((left, right) => compareText(left.id, right.id))
  const textOf = (line: MatchTransaction): string => line.counterparty.name || line.description
  const fillers = fillersOf([...all.map((invoice) => invoice.client.name), ...lines.map(textOf)])
  const sideOfInvoice = (invoice: MatchInvoice): Side => ({
    memo: memoOf(invoice.client.name, fillers),
    log: minorLog(invoice.balanceMinor > 0n ? invoice.balanceMinor : invoice.totalMinor),
    day: invoice.date,
  })
  const sideOfLine = (line: MatchTransaction): Side => ({
    memo: memoOf(textOf(line), fillers),
    log: minorLog(line.amountMinor),
    day: line.date,
  })
  const invoiceSides = open.map(sideOfInvoice)
  const lineSides = lines.map(sideOfLine)

  // How many memos begin so, and how dense amounts and days lie: the chance of agreeing without being one payment.
  const beginnings = new Map<string, number>()
  const perDay = new Map<string, number>()
  const perAmount = new Map<bigint, number>()
  const blocks = new Map<string, number[]>()
  invoiceSides.forEach(({ memo, day }, at) => {
    for (let count = 1; count <= memo.words.length; count += 1) {
      const key = memo.words.slice(0, count).join(' ')
      beginnings.set(key, (beginnings.get(key) ?? 0) + 1)
    }
    perDay.set(day, (perDay.get(day) ?? 0) + 1)
    const amount = open[at]?.balanceMinor ?? 0n
    perAmount.set(amount, (perAmount.get(amount) ?? 0) + 1)
    for (const block of memo.blocks) {
      const list = blocks.get(block)
      if (list === undefined) blocks.set(block, [at])
      else list.push(at)
    }
  })
  const logs = invoiceSides.map(({ log }) => log).sort((left, right) => left - right)
  const countBelow = (value: number): number => {
    let low = 0
    let high = logs.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((logs[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    return low
  }
  const density = (log: number): number =>
    Math.max(1, countBelow(log + 0.05) - countBelow(log - 0.05)) / (0.1 * open.length)

  const pairs: {
    line: number
    invoice: number
    drift: number
    delay: number
    text: number
    same: boolean
    kind: number
  }[] = []
  const rarity = (left: Memo, right: Memo): { text: number; kind: number } => {
    const likeness = compareMemos(left, right)
    const known = beginnings.get(likeness.beginning)
    const whole = likeness.beginning.slice(0, likeness.beginning.lastIndexOf(' '))
    const sharing = known ?? beginnings.get(whole) ?? open.length
    return {
      text: Math.log(open.length / Math.max(1, sharing)),
      kind: likeness.contradicts ? 2 : likeness.differs ? 1 : 0,
    }
  }
  lineSides.forEach((side, line) => {
    const near = [...new Set(side.memo.blocks.flatMap((block) => blocks.get(block) ?? []))].flatMap((invoice) => {
      const other = invoiceSides[invoice] as Side
      const drift = side.log - other.log
      const delay = daysBetween(other.day, side.day)
      if (Math.abs(drift) > driftMax || !(delay >= -daysEarly && delay <= daysMax)) return []
      if (lines[line]?.currency !== open[invoice]?.currency) return []
      return [{ line, invoice, drift, delay, same: lines[line]?.amountMinor === open[invoice]?.balanceMinor }]
    })
    near.sort((left, right) => Math.abs(left.drift) + left.delay / 100 - Math.abs(right.drift) - right.delay / 100)
    for (const pair of near.slice(0, candidatesMax))
      pairs.push({ ...pair, ...rarity(side.memo, (invoiceSides[pair.invoice] as Side).memo) })
  })

  const parts = (model: Model, pair: (typeof pairs)[number]) => {
    const amount = open[pair.invoice]?.balanceMinor ?? 0n
    const perLog = density((lineSides[pair.line] as Side).log)
    const shape = Math.exp(-0.5 * (pair.drift / model.spread) ** 2) / (model.spread * Math.sqrt(2 * Math.PI)) + 0.001
    const delay = model.delays[pair.delay + daysEarly] ?? 0
    return {
      text: pair.text + Math.log(pair.kind === 2 ? model.contradicts : pair.kind === 1 ? model.differs : 1),
      amount: pair.same
        ? Math.log((model.exact * open.length) / (perAmount.get(amount) ?? 1))
        : Math.log(((1 - model.exact) * shape) / perLog),
      days: Math.log((delay * open.length) / Math.max(1, perDay.get((invoiceSides[pair.invoice] as Side).day) ?? 1)),
    }
  }
  const prior = -Math.log(open.length)
  let model = firstModel()
  let result = new Map<MatchTransaction, MemoMatch>()
  for (let round = 1; round <= rounds; round += 1) {
    const weighed = pairs.map((pair) => ({ pair, ...parts(model, pair) }))
    const edges: Edge[] = weighed.map(({ pair, text, amount, days }) => ({
      line: pair.line,
      invoice: pair.invoice,
      worth: prior + text + amount + days + 6,
    }))
    const { chosen, prices, gains } = assignPairs(lines.length, open.length, edges)
    // Every other way to pair the line or the invoice, at what it would cost elsewhere.
    const rivalsOfLine = new Float64Array(lines.length)
    const rivalsOfInvoice = new Float64Array(open.length)
    edges.forEach((edge) => {
      if (chosen[edge.line]?.invoice === edge.invoice) return
      const loss = Math.min(0, edge.worth - (prices[edge.invoice] ?? 0) - (gains[edge.line] ?? 0))
      rivalsOfLine[edge.line] = (rivalsOfLine[edge.line] ?? 0) + Math.exp(loss)
      rivalsOfInvoice[edge.invoice] = (rivalsOfInvoice[edge.invoice] ?? 0) + Math.exp(loss)
    })
    result = new Map()
    const sure: (typeof pairs)[number][] = []
    weighed.forEach(({ pair, text, amount, days }, at) => {
      if (chosen[pair.line]?.invoice !== pair.invoice) return
      const rivals =
        (rivalsOfLine[pair.line] ?? 0) + (rivalsOfInvoice[pair.invoice] ?? 0) + Math.exp(-(edges[at]?.worth ?? 0))
      const logOdds = -Math.log(Math.max(1e-9, rivals))
      if (logOdds > 3) sure.push(pair)
      const line = lines[pair.line]
      const invoice = open[pair.invoice]
      if (line !== undefined && invoice !== undefined) result.set(line, { invoice, logOdds, text, amount, days })
    })
    if (round < rounds) model = learn([...sure, ...known(book, decisions, sideOfLine, sideOfInvoice)])
  }
  return result
}

/** The pairs that people decided, in the same shape. */
function known(
  book: Book,
  decisions: readonly PastDecision[],
  sideOfLine: (line: MatchTransaction) => Side,
  sideOfInvoice: (invoice: MatchInvoice) => Side,
) {
  return decisions.flatMap(({ transaction, invoiceIds, accepted }) => {
    const invoice = book.invoices.get(invoiceIds[0] ?? '')
    if (!accepted || invoiceIds.length !== 1 || invoice === undefined) return []
    const line = sideOfLine(transaction)
    const other = sideOfInvoice(invoice)
    const likeness = compareMemos(line.memo, other.memo)
    return [
      {
        drift: line.log - other.log,
        delay: daysBetween(other.day, line.day),
        same: transaction.amountMinor === invoice.totalMinor,
        kind: likeness.contradicts ? 2 : likeness.differs ? 1 : 0,
      },
    ]
  })
}

/** How the two copies of the given pairs differ, with a little left for what was not seen. */
function learn(pairs: readonly { drift: number; delay: number; same: boolean; kind: number }[]): Model {
  const model = firstModel()
  if (pairs.length < 100) return model
  const drifted = pairs.filter((pair) => !pair.same)
  const share = (kind: number): number => (pairs.filter((pair) => pair.kind === kind).length + 0.5) / (pairs.length + 1)
  const spread = Math.sqrt(drifted.reduce((sum, { drift }) => sum + drift * drift, 0) / Math.max(1, drifted.length))
  const delays = new Float64Array(daysMax + daysEarly + 1).fill(0.5)
  for (const { delay } of pairs)
    if (delay >= -daysEarly && delay <= daysMax) delays[delay + daysEarly] = (delays[delay + daysEarly] ?? 0) + 1
  const total = delays.reduce((sum, count) => sum + count, 0)
  return {
    exact: (pairs.length - drifted.length + 1) / (pairs.length + 2),
    spread: Math.max(0.005, spread),
    delays: delays.map((count) => count / total),
    contradicts: share(2),
    differs: share(1),
  }
}
