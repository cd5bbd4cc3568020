import {
  byAvailability,
  countWindows,
  isSameInAll,
  type Movement,
  ordersOf,
  rowsOf,
  setOf,
  sumOf,
  viewsOf,
} from './deduce-views.ts'

export type { Movement } from './deduce-views.ts'

/** A payout in the order in which they took money from the balance.
 *  `closing`: automatic, and listed by Stripe to the last cent: what was available by its day and is in no list, something else took.
 *  `unclear`: automatic, without such a list: what it took is not
 *  known. `deduced`: explained before; its rows are no movements any more. `wanted`: made by hand, to be explained. */
export interface PayoutMoment {
  id: string
  at: Date
  kind: 'closing' | 'unclear' | 'deduced' | 'wanted'
  /** What the balance lost by it, fees for paying out included. */
  takenMinor: bigint
  /** Instant payouts may take money that is not available yet. */
  instant: boolean
}

/** `rows`: the only reading that adds up, oldest first. `wait`: a payout before it is not listed yet. Otherwise the reason:
 *  `unknown`: it is not known what the balance was before, and what came since the payout before does not add up to it; `part`: it
 *  took a part of what was there, and nothing tells which; `several`: more than one reading adds up; `together`: with payouts
 *  before it, it emptied the balance: only together they are explained. */
export type Verdict =
  | { rows: string[] }
  | { why: 'wait' | 'unknown' | 'several' }
  | { why: 'part' | 'together'; balanceMinor: bigint }

/** The longest that money usually waits before it can be paid out (reference 3.2). */
const WAIT_DAYS = 14

/** Explains payouts that Stripe does not list: by hand, by API, instant. The balance is an account: charges go in, payouts go out.
 *
 *  Where the balance is known to have been nothing at one time (the account's beginning, or after a payout of the schedule that is
 *  listed to the cent), a payout that takes exactly what is there is made of everything that is there: nothing else can be left
 *  or missing. (What a minimum balance holds back is in those lists, and so out of the account.) If it takes less, it may be the
 *  oldest part: only where that adds up to it, and no other stretch of movements does. Once a payout took a part that nothing tells,
 *  the ones after it are not explained either, until one empties the balance: from there all is known again.
 *
 *  Where the balance is not known, a payout is explained only by everything that came since the payout before, and only if no other
 *  stretch adds up to it.
 *
 *  Movements of the same moment are never torn apart, and a payout that two readings fit is not explained.
 *  `movements`: those of one currency that belong to no payout, payouts themselves left out, in any order. `knownFrom`: since when
 *  all of them are known; `beginsEmpty`: the balance was nothing then. Pure; time grows with payouts × movements. */
export function deducePayouts(ledger: {
  movements: readonly Movement[]
  payouts: readonly PayoutMoment[]
  knownFrom: Date
  beginsEmpty: boolean
}): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>()
  let balance: Balance = {
    left: ledger.movements.toSorted(byAvailability),
    known: ledger.beginsEmpty,
    spentMinor: 0n,
    before: undefined,
  }
  const wholeFrom = ledger.beginsEmpty ? -Infinity : ledger.knownFrom.getTime() + WAIT_DAYS * 86_400_000
  const payouts = ledger.payouts.toSorted(
    (one, other) => one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1),
  )
  for (const payout of payouts) {
    const whole = payout.at.getTime() >= wholeFrom
    if (payout.kind === 'closing') balance = close(balance, payout, whole)
    else if (payout.kind === 'wanted') {
      const [verdict, after] = judge(balance, payout, wholeFrom)
      verdicts.set(payout.id, verdict)
      balance = after
    }
    if (payout.kind === 'unclear') balance = { ...balance, known: false }
    balance.before = payout
  }
  return verdicts
}

interface Balance {
  /** Movements that no payout before took. */
  left: Movement[]
  /** The balance is what is left, less `spentMinor`. */
  known: boolean
  /** What payouts took of which nothing tells what it was. */
  spentMinor: bigint
  before: PayoutMoment | undefined
}

/** After a payout of the schedule: it took all that was available. What is older and in no list, payouts before it took. */
function close(balance: Balance, payout: PayoutMoment, whole: boolean): Balance {
  const day = dayOf(payout.at)
  const gone = balance.left.filter((movement) => movement.availableOn < day)
  // What it left behind although it was there contradicts that it takes everything.
  const agrees = !balance.known || sumOf(gone) === balance.spentMinor
  return {
    left: balance.left.filter((movement) => movement.availableOn >= day),
    known: whole && agrees,
    spentMinor: 0n,
    before: payout,
  }
}

function judge(balance: Balance, payout: PayoutMoment, wholeFrom: number): [Verdict, Balance] {
  // What lies before the ledger will never be listed: then it is simply not known.
  if (balance.before?.kind === 'unclear' && balance.before.at.getTime() >= wholeFrom) return [{ why: 'wait' }, balance]
  const views = viewsOf(balance.left, payout)
  if (!balance.known) {
    const found = sincePayoutBefore(balance, payout, { views, wholeFrom })
    return [found, 'rows' in found ? without(balance, found.rows) : balance]
  }
  const sums = views.map(sumOf)
  const emptied = distinct(
    views.filter((view, n) => view.length > 0 && sums[n]! - balance.spentMinor === payout.takenMinor),
  )
  const balanceMinor = sums.reduce((one, other) => (one > other ? one : other)) - balance.spentMinor
  const spent = { ...balance, spentMinor: balance.spentMinor + payout.takenMinor }
  if (emptied.length > 1) return [{ why: 'several' }, spent]
  const [everything] = emptied
  if (everything) {
    const rows = rowsOf(everything)
    const verdict: Verdict = balance.spentMinor === 0n ? { rows } : { why: 'together', balanceMinor }
    return [verdict, { ...without(balance, rows), spentMinor: 0n }]
  }
  // More than was there: then what we took for known is not.
  if (balanceMinor < payout.takenMinor) return [{ why: 'unknown' }, { ...balance, known: false, spentMinor: 0n }]
  if (balance.spentMinor !== 0n) return [{ why: 'part', balanceMinor }, spent]
  const oldest = oldestWorth(views, payout.takenMinor)
  if (oldest === 'several') return [{ why: 'several' }, spent]
  return oldest ? [{ rows: oldest }, without(balance, oldest)] : [{ why: 'part', balanceMinor }, spent]
}

const without = (balance: Balance, rows: readonly string[]): Balance => {
  const taken = new Set(rows)
  return { ...balance, left: balance.left.filter(({ id }) => !taken.has(id)) }
}

/** The oldest movements, where they add up to the amount. Where another stretch of the same order does so too, sums come out by chance
 *  too easily to be believed: `several`, as when what is oldest by one order is not by the other. */
function oldestWorth(views: readonly Movement[][], amountMinor: bigint): string[] | 'several' | undefined {
  const found = views.flatMap(ordersOf).map((order) => countWindows(order, amountMinor))
  const [oldest, ...more] = distinct(found.flatMap(({ fromStart }) => fromStart))
  if (!oldest) return found.some(({ count }) => count > 1) ? 'several' : undefined
  const isAlone = found.every(({ count, fromStart }) => fromStart.length === 0 || count === 1)
  return more.length === 0 && isAlone ? rowsOf(oldest) : 'several'
}

function sincePayoutBefore(
  { before, left }: Balance,
  payout: PayoutMoment,
  { views, wholeFrom }: { views: readonly Movement[][]; wholeFrom: number },
): Verdict {
  if (!before || before.at.getTime() < wholeFrom) return { why: 'unknown' }
  const earlier = viewsOf(left, before).map(setOf)
  const readings: Movement[][] = []
  let several = false
  for (const view of views) {
    for (const old of earlier) {
      const since = view.filter(({ id }) => !old.has(id))
      if (since.length === 0 || sumOf(since) !== payout.takenMinor) continue
      readings.push(since)
      // What was there before goes first, so that what came since then is one stretch.
      const ordered = [...view.filter(({ id }) => old.has(id)), ...since]
      const order = { movements: ordered, isSameMoment: isSameInAll }
      several ||= countWindows(order, payout.takenMinor, ordered.length - since.length).count > 1
    }
  }
  const [only, ...more] = distinct(readings)
  if (several || more.length > 0) return { why: 'several' }
  return only ? { rows: rowsOf(only) } : { why: 'unknown' }
}

function distinct(sets: Movement[][]): Movement[][] {
  const byText = new Map(sets.map((set) => [[...setOf(set)].sort().join('\n'), set]))
  return [...byText.values()]
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10)
