/** The port to a billing system, in the words of billing/. An adapter (whmcs/) speaks to the real one. Every call is one
 *  request to the outside, bounded in time, and never made inside a database transaction. */

export interface BilledClient {
  externalId: string
  name: string
  company: string
  email: string
}

export type BilledStatus = 'draft' | 'unpaid' | 'payment_pending' | 'paid' | 'cancelled' | 'refunded' | 'collections'

/** A row of a list: no balance, no items (GetInvoices gives none). */
export interface ListedInvoice {
  externalId: string
  client: BilledClient
  number: string
  status: BilledStatus
  totalMinor: bigint
  currency: string
  issuedOn: string | null
  dueOn: string | null
  closedOn: string | null
  /** Changes when anything the list shows changes. */
  digest: string
}

export interface BilledPayment {
  externalId: string
  /** Null where the payment stands on no invoice. */
  invoiceExternalId: string | null
  transid: string
  /** In minus out, in the currency of the invoice. */
  amountMinor: bigint
  paidOn: string
  gateway: string
}

export interface BilledInvoice {
  externalId: string
  number: string
  status: BilledStatus
  totalMinor: bigint
  balanceMinor: bigint
  issuedOn: string | null
  dueOn: string | null
  items: { description: string; amountMinor: bigint }[]
  /** External ids of the invoices a mass-payment container collects; empty for an ordinary invoice. */
  collects: string[]
  payments: BilledPayment[]
}

/** A row of an invoice's ledger. */
export interface LedgerRow extends BilledPayment {
  /** The row whose money this one gives back, where the system says so. */
  refunds: string | null
}

/** An invoice as one must know it who takes money back. */
export interface BilledLedger {
  invoice: BilledInvoice
  clientExternalId: string
  /** The payments of the invoice, oldest first. */
  rows: LedgerRow[]
  /** Whether paying it added credit of the client, which is what the invoice was for. */
  addsFunds: boolean
}

/** What a client holds to pay with later. */
export interface ClientCredit {
  balanceMinor: bigint
  /** Given above zero, used below. `invoiceExternalId`: the invoice that the movement names, if it does. */
  movements: { description: string; amountMinor: bigint; invoiceExternalId: string | null }[]
}

/** What became of a write. `unknown` is every answer that does not say: time-out, reset, 5xx, unreadable. `sent: false` means
 *  that not a byte left, so that nothing can have happened. */
export type SendOutcome =
  | { outcome: 'applied' }
  | { outcome: 'refused'; code: string; message: string }
  | { outcome: 'unknown'; sent: boolean; reason: string }

/** A read that failed: `code` is stable (`ip_not_allowed`, `bad_credentials`, `permission_denied`, `blocked_by_firewall`,
 *  `not_whmcs`, `redirected`, `unreachable`, `business`, `busy` …), `message` says what the user can do. */
export class BillingError extends Error {
  override readonly name = 'BillingError'
  readonly code: string
  /** More for the user, such as the address WHMCS refused. */
  readonly subject: string | undefined
  /** Whether trying again later may help without anybody doing anything. */
  readonly temporary: boolean

  constructor(code: string, message: string, options: { subject?: string; temporary: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.subject = options.subject
    this.temporary = options.temporary
  }
}

export interface BillingSystem {
  /** All invoices of one status, in pages, each invoice once. Throws BillingError. */
  listInvoices(status: BilledStatus): AsyncIterable<ListedInvoice[]>
  /** Undefined when the system has no such invoice. Throws BillingError. */
  getInvoice(externalId: string, currency: string): Promise<BilledInvoice | undefined>
  /** Every payment under exactly this id, compared by us. Throws BillingError when the answer cannot be trusted. */
  findPayments(transid: string, currency: string): Promise<BilledPayment[]>
  /** Books one payment, in one attempt, without any retry of its own. Never throws for what the other side does. What the amount
   *  is more than the balance becomes credit of the invoice's client. */
  addPayment(payment: {
    invoiceExternalId: string
    transid: string
    amountMinor: bigint
    currency: string
    /** YYYY-MM-DD */
    paidOn: string
    paymentMethod: string
    /** What was kept on the way, to be noted beside the amount; null or left out for none. */
    feesMinor?: bigint | null
    /** Whether the client is to get the system's own mail about it; true when left out. */
    confirmationEmail?: boolean
  }): Promise<SendOutcome>
  /** Undefined when the system has no such invoice. Throws BillingError. */
  getLedger(invoiceExternalId: string, currency: string): Promise<BilledLedger | undefined>
  /** Throws BillingError, `permission_denied` where no role allows it. */
  getCredit(clientExternalId: string, currency: string): Promise<ClientCredit>
  /** Books money out on an invoice, in one attempt; the invoice's status stays what it is. As `addPayment`. */
  takeMoneyOut(out: {
    invoiceExternalId: string
    transid: string
    /** Above zero. */
    amountMinor: bigint
    currency: string
    paymentMethod: string
    description: string
  }): Promise<SendOutcome>
  /** Sets a paid invoice back to unpaid, in one attempt. As `addPayment`. */
  reopenInvoice(invoiceExternalId: string): Promise<SendOutcome>
  /** Takes credit from a client, in one attempt. `description` is how the movement is found again. As `addPayment`. */
  removeCredit(credit: {
    clientExternalId: string
    /** Above zero. */
    amountMinor: bigint
    currency: string
    description: string
  }): Promise<SendOutcome>
}

/** Finds the system behind an instance of the tenant. */
export type OpenBillingSystem = (tenantId: `ten_${string}`, instanceId: `whm_${string}`) => Promise<BillingSystem>
