import {
  type KnownPayment,
  type MatchInvoice,
  type MatchPolicy,
  type MatchTransaction,
  matchAll,
  type PastDecision,
  type TaughtPayer,
  type Verdict,
} from '../matching/index.ts'

/** What the engine is asked about a tenant's money: plain data, so that it can be asked in another thread. */
export interface Question {
  lines: MatchTransaction[]
  /** Lines whose match failed: of these it is only asked whether somebody booked them by hand. */
  failed: MatchTransaction[]
  invoices: MatchInvoice[]
  history: PastDecision[]
  taught?: TaughtPayer[] | undefined
  policy: MatchPolicy
  /** Payments in the billing system that are known to be other money, by `paymentName`. */
  taken: string[]
  /** By line the invoices on which, as a person said, no payment is this line. */
  letGo: ReadonlyMap<string, readonly string[]>
}

export interface Answer {
  /** One for each line, in their order. */
  found: Verdict[]
  /** One for each failed line that turned out to be booked by hand. */
  late: Verdict[]
}

export const paymentName = (invoiceId: string, paymentId: string | undefined): string => `${invoiceId}|${paymentId}`

/** Asks the engine about all lines at once, so that no invoice is taken twice. Marks payments in the question, which is asked once. */
export function askEngine({ lines, failed, taken, letGo, ...book }: Question): Answer {
  const known = new Set(taken)
  for (const { id, payments } of book.invoices) {
    for (const payment of payments) if (known.has(paymentName(id, payment.id))) take(payment)
  }
  const decide = (transactions: MatchTransaction[]): Verdict[] => matchAll({ transactions, ...book })
  // No other line is that payment then.
  const late =
    failed.length === 0
      ? []
      : decide([...failed, ...lines])
          .slice(0, failed.length)
          .filter(isBooked)
  for (const { booked } of late) take(booked!.payment)
  return { found: giveUpBooked(decide(lines), lines, letGo, decide), late }
}

const take = (payment: KnownPayment): void => {
  payment.takenBy = 'other'
}

const isBooked = ({ booked }: Verdict): boolean => booked !== null

/** A line that a person said is not a payment someone booked must not keep that payment from the line which is. */
function giveUpBooked(
  found: Verdict[],
  lines: readonly MatchTransaction[],
  letGo: Question['letGo'],
  decide: (lines: MatchTransaction[]) => Verdict[],
): Verdict[] {
  const isLetGo = ({ transactionId, booked }: Verdict): boolean =>
    booked !== null && letGo.get(transactionId)?.includes(booked.invoiceId) === true
  if (!found.some(isLetGo)) return found
  const others = decide(lines.filter((_, n) => !isLetGo(found[n]!))).filter(isBooked)
  const booked = new Map(others.map((verdict) => [verdict.transactionId, verdict]))
  return found.map((verdict) => booked.get(verdict.transactionId) ?? verdict)
}
