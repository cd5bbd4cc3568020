import { addDays } from '../../base/clock.ts'
import type { Id } from '../../base/ids.ts'
import { addBusinessDays } from './business-days.ts'
import { isUnderWay } from './merge-payout.ts'
import { sumsOfSome } from './sums-of-some.ts'
import { compact, type LineText, looksLikeStripe, textOf } from './stripe-like.ts'

/** A payout that has no line yet. */
export interface SoughtPayout {
  id: Id<'pout'>
  /** Below zero: a debit is sought. */
  amountMinor: bigint
  currency: string
  arrivalOn: string
  status: string
  descriptor: string
  traceId: string | null
  last4: string | null
  /** It is explained, or Stripe does not list what it is made of: an unfinished or wrong sum is no ground to confirm anything. */
  sound: boolean
  refused: readonly Id<'txn'>[]
}

/** A line of the bank that no payout has. */
export interface BankLine extends LineText {
  id: Id<'txn'>
  accountId: string
  /** Below zero: a debit. */
  amountMinor: bigint
  currency: string
  bookedOn: string
  accountLast4: string | null
  /** `free`: nobody decided about it. `decided`: it pays an invoice. `aside`: a person set it aside. */
  state: 'free' | 'decided' | 'aside'
}

export interface Pairs {
  sure: { payoutId: Id<'pout'>; lineId: Id<'txn'>; by: 'trace_id' | 'amount_and_date' }[]
  /** Lines that are certainly the payout's, and pay an invoice: a person must look. */
  decided: { payoutId: Id<'pout'>; lineId: Id<'txn'> }[]
  /** Lines that may be it, for each payout that has no sure one. */
  candidates: Map<Id<'pout'>, Id<'txn'>[]>
  /** Failed payouts whose money came and went back: the two lines. */
  returned: { payoutId: Id<'pout'>; lineIds: [Id<'txn'>, Id<'txn'>] }[]
}

const CANDIDATES_MAX = 10
/** A reference that is shorter stands in too many texts by chance. */
const TRACE_MIN = 6
const DESCRIPTOR_MIN = 5
/** US banks show no more of a descriptor. */
const DESCRIPTOR_SHOWN = 10

/** Which line of the bank is which payout (reference 3.6). Certain are: the bank's own reference with the amount; and the amount to
 *  the cent within the days around arrival in a text that speaks of Stripe, when that line fits no other payout and that payout no
 *  other line. Two that fit wait for a person. Amounts of another currency are no evidence. Pure. */
export function pairLines(payouts: readonly SoughtPayout[], lines: readonly BankLine[]): Pairs {
  const returned = pairReturned(payouts, lines)
  const gone = new Set(returned.flatMap(({ lineIds }) => lineIds))
  const open = payouts.filter((payout) => isUnderWay(payout) || payout.status === 'pending')
  const left = lines.filter(({ id }) => !gone.has(id))

  const traced = uniquePairs(open, left, isTraced)
  const tracedPayouts = new Set(traced.map(({ payout }) => payout.id))
  const tracedLines = new Set(traced.map(({ line }) => line.id))
  const others = open.filter(({ id }) => !tracedPayouts.has(id))
  const otherLines = left.filter(({ id }) => !tracedLines.has(id))
  const alike = uniquePairs(others, otherLines, isAlike).filter(({ payout }) => payout.sound && isUnderWay(payout))

  const pairs: Pairs = { sure: [], decided: [], candidates: new Map(), returned }
  const found = new Set<Id<'pout'>>()
  const takenLines = new Set<Id<'txn'>>()
  for (const [some, by] of [
    [traced, 'trace_id'],
    [alike, 'amount_and_date'],
  ] as const) {
    for (const { payout, line } of some) {
      const pair = { payoutId: payout.id, lineId: line.id }
      if (line.state === 'decided') pairs.decided.push(pair)
      if (line.state !== 'free') continue
      pairs.sure.push({ ...pair, by })
      found.add(payout.id)
      takenLines.add(line.id)
    }
  }
  const rest = open.filter(({ id }) => !found.has(id))
  const restLines = left.filter(({ id }) => !takenLines.has(id))
  const together = sumsOfSome(rest, restLines.filter(looksLikeStripe), isNear)
  for (const payout of rest) {
    const single = restLines.filter(
      (line) => isSame(payout, line) && (isNear(payout, line) || isTraced(payout, line)) && !isRefused(payout, line),
    )
    const ids = [...single.map(({ id }) => id), ...(together.get(payout.id) ?? [])]
    pairs.candidates.set(payout.id, [...new Set(ids)].slice(0, CANDIDATES_MAX))
  }
  return pairs
}

type Fits = (payout: SoughtPayout, line: BankLine) => boolean

/** Pairs in which either fits no other. */
function uniquePairs(payouts: readonly SoughtPayout[], lines: readonly BankLine[], fits: Fits) {
  const byAmount = Map.groupBy(lines, amountKey)
  const pairs = payouts.flatMap((payout) =>
    (byAmount.get(amountKey(payout)) ?? [])
      .filter((line) => !isRefused(payout, line) && fits(payout, line))
      .map((line) => ({ payout, line })),
  )
  const ofPayout = Map.groupBy(pairs, ({ payout }) => payout.id)
  const ofLine = Map.groupBy(pairs, ({ line }) => line.id)
  return pairs.filter(({ payout, line }) => ofPayout.get(payout.id)!.length === 1 && ofLine.get(line.id)!.length === 1)
}

const amountKey = ({ amountMinor, currency }: { amountMinor: bigint; currency: string }): string =>
  `${currency} ${amountMinor}`

const isSame = (payout: SoughtPayout, line: BankLine): boolean => amountKey(payout) === amountKey(line)
const isRefused = (payout: SoughtPayout, line: BankLine): boolean => payout.refused.includes(line.id)

function isNear({ arrivalOn }: Pick<SoughtPayout, 'arrivalOn'>, { bookedOn }: BankLine): boolean {
  return bookedOn >= addBusinessDays(arrivalOn, -1) && bookedOn <= addBusinessDays(arrivalOn, 5)
}

/** The reference may come late, and so may the bank: the days are wider. */
function isTraced({ traceId, arrivalOn }: SoughtPayout, line: BankLine): boolean {
  const trace = compact(traceId ?? '')
  if (trace.length < TRACE_MIN) return false
  if (line.bookedOn < addDays(arrivalOn, -5) || line.bookedOn > addDays(arrivalOn, 30)) return false
  return compact(textOf(line)).includes(trace)
}

function isAlike(payout: SoughtPayout, line: BankLine): boolean {
  if (!isNear(payout, line)) return false
  if (payout.last4 !== null && line.accountLast4 !== null && payout.last4 !== line.accountLast4) return false
  if (looksLikeStripe(line)) return true
  const descriptor = compact(payout.descriptor.slice(0, DESCRIPTOR_SHOWN))
  return descriptor.length >= DESCRIPTOR_MIN && compact(textOf(line)).includes(descriptor)
}

/** Money that came and was sent back by the bank shows as two lines of one amount on one account (reference 3.5). */
function pairReturned(payouts: readonly SoughtPayout[], lines: readonly BankLine[]): Pairs['returned'] {
  const free = lines.filter(({ state }) => state === 'free')
  const pairs = payouts
    .filter(({ status }) => status === 'failed')
    .flatMap((payout) => {
      const fits = (line: BankLine): boolean => isAlike(payout, line) || isTraced(payout, line)
      return free
        .filter((line) => isSame(payout, line) && fits(line))
        .flatMap((came) => free.filter((line) => isWayBack(came, line)).map((went) => ({ payout, came, went })))
    })
  // Whoever stands in two pairs, in whichever place, stands in none.
  const uses = new Map<string, number>()
  for (const { payout, came, went } of pairs)
    for (const { id } of [payout, came, went]) uses.set(id, (uses.get(id) ?? 0) + 1)
  return pairs
    .filter(({ payout, came, went }) => [payout, came, went].every(({ id }) => uses.get(id) === 1))
    .map(({ payout, came, went }) => ({ payoutId: payout.id, lineIds: [came.id, went.id] }))
}

const isWayBack = (came: BankLine, went: BankLine): boolean =>
  went.accountId === came.accountId &&
  went.currency === came.currency &&
  went.amountMinor === -came.amountMinor &&
  went.bookedOn >= came.bookedOn &&
  went.bookedOn <= addDays(came.bookedOn, 30) &&
  looksLikeStripe(went)
