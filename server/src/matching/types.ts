/** What the engine takes and gives. It imports nothing of the rest of Payymo: the API, the jobs and `payymo reconcile` all
 *  turn their own rows into these shapes and call the same code. Amounts are integers in the currency's smallest unit. */

export interface Payer {
  name: string
  iban: string | null
}

export interface MatchTransaction {
  id: string
  /** Above zero; `direction` says which way the money went. */
  amountMinor: bigint
  currency: string
  direction: 'credit' | 'debit'
  /** Booking day, YYYY-MM-DD. */
  date: string
  reference: string
  description: string
  counterparty: Payer
  /** It came through a payment gateway, which the billing system may record by itself. */
  viaGateway?: boolean
  /** Why the caller lets nobody but a person apply it, whatever it pays. */
  doubt?: Reason
}

export type InvoiceStatus = 'draft' | 'unpaid' | 'payment_pending' | 'paid' | 'cancelled' | 'refunded' | 'collections'

export interface MatchClient {
  id: string
  name: string
  company: string
  email: string
}

/** A payment that the billing system already holds on an invoice: how money booked by hand is recognised (contract 4.6). */
export interface KnownPayment {
  /** The billing system's own id of it, where the caller needs to know which one explained a line. */
  id?: string
  amountMinor: bigint
  /** YYYY-MM-DD */
  date: string
  transid: string
  /** What money it is, where that is known: a payment of ours, or another line (or card) that was found to be it before. Such
   *  a payment explains no further line. `gateway`: it came through a gateway, so that no line of a bank is it. */
  takenBy?: 'payymo' | 'other' | 'gateway'
}

export interface MatchInvoice {
  id: string
  /** The printed number; empty where the tenant uses plain ids. */
  number: string
  /** What else payers may call it: the billing system's own id, where `id` is another. */
  alias?: string
  totalMinor: bigint
  balanceMinor: bigint
  currency: string
  /** YYYY-MM-DD or empty */
  date: string
  dueDate: string
  status: InvoiceStatus
  client: MatchClient
  items: { description: string }[]
  payments: KnownPayment[]
  /** Ids of the invoices that this mass-payment container collects; empty for an ordinary invoice. */
  collects: string[]
  /** Money of gateways on it is recorded by the billing system itself. */
  recordsGateways?: boolean
}

/** A decision a person took before (or a proposal they refused). */
export interface PastDecision {
  transaction: MatchTransaction
  invoiceIds: string[]
  accepted: boolean
}

/** What a person said of a payer, apart from any payment: that it pays for a client, or never does. */
export interface TaughtPayer {
  payer: Payer
  clientId: string
  pays: boolean
  /** The day it was said, YYYY-MM-DD. */
  date: string
}

export interface MatchPolicy {
  scorer: 'calibrated' | 'rules'
  /** A match is applied without a person only at or above this confidence. */
  autoThreshold: number
  /** Nothing larger than this is ever applied without a person. In minor units of the transaction's currency. */
  maxAutoAmountMinor?: bigint
  /** A shortfall up to this is taken for a fee that a bank kept. */
  feeToleranceMinor: bigint
  dateWindowDays: number
  /** Older money is never applied without a person. YYYY-MM-DD */
  startOn?: string
  /** Whether a text that prints the instructed amount in the invoice's currency may decide across currencies (files only). */
  acrossCurrencies: boolean
}

export interface Allocation {
  invoiceId: string
  amountMinor: bigint
  currency: string
}

/** One piece of evidence. Weights add up to the log-odds of the confidence (scorer `rules`: to the score). */
export interface Reason {
  code: string
  weight: number
  text: string
}

export interface Proposal {
  allocations: Allocation[]
  /** Four decimals, never 0 or 1. */
  confidence: number
  /** The specification's rule sum, kept so that anyone can check it by hand. */
  score: number
  reasons: Reason[]
  /** Of an alternative: why it is behind the best reading, in a sentence. */
  lost?: string
}

export interface Verdict {
  transactionId: string
  decision: 'auto' | 'review' | 'none'
  /** The best reading, absent when nothing is proposed. */
  best: Proposal | null
  /** The next best readings, best first, at most nine. */
  alternatives: Proposal[]
  /** Why the best reading was not applied although it is above the threshold, or why nothing is proposed: codes such as
   *  `ambiguous`, `already_booked`, `veto_currency`, with a sentence. */
  withheld: Reason[]
  /** The payment in the billing system that this line is: somebody booked it by hand. Each payment is one line at most. */
  booked: { invoiceId: string; payment: KnownPayment } | null
  /** Invoices named by the text that were ruled out, and why (`paid`, `cancelled`, `other_currency` …). */
  ruledOut: { invoiceId: string; code: string; text: string }[]
}

/** A reading that was weighed for a line when it was decided: its invoices and its evidence before it met its rivals. */
export interface WeighedReading {
  invoiceIds: string[]
  /** Which signals it shows, and how strongly. */
  signals: readonly { signal: string; value: number }[]
}

/** Is told, for measuring and learning, everything that was weighed for a line when it was finally decided. */
export type Observe = (transaction: MatchTransaction, readings: readonly WeighedReading[]) => void
