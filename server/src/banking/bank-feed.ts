/** The port to a provider of bank data, in the words of banking/. Adapters: gocardless/. Every call goes outside, is bounded
 *  in time, and is never made inside a database transaction. */

export interface Institution {
  id: string
  name: string
  logoUrl: string | null
  countries: string[]
  provider: string
  maxHistoryDays: number
  /** Longest consent the bank gives. */
  maxAccessDays: number
}

export interface StartedConsent {
  /** The provider's name for this attempt. */
  requisitionId: string
  /** Where the person goes. Opens once. */
  link: string
  accessDays: number
  historyDays: number
}

export interface ConsentState {
  status: 'pending' | 'linked' | 'failed'
  /** The provider's own word, for the support. */
  word: string
  accountIds: string[]
  /** From acceptance; null where the provider does not say. */
  acceptedAt: Date | null
}

export interface FeedAccount {
  providerAccountId: string
  name: string
  currency: string
  iban: string | null
  /** BBAN, sort code and number, or masked card number: what identifies it where there is no IBAN. */
  otherNumber: string | null
}

/** One line as the bank gives it, in our shape but not yet identified. */
export interface FeedLine {
  status: 'booked' | 'pending'
  amountMinor: bigint
  currency: string
  direction: 'credit' | 'debit'
  bookedOn: string
  valueOn: string | null
  reference: string
  description: string
  counterpartyName: string
  counterpartyIban: string | null
  /** The provider's and the bank's ids, strongest first. */
  aliases: { kind: 'internal' | 'transaction_id' | 'entry_reference' | 'end_to_end'; value: string }[]
  providerData: unknown
}

/** What a read brought; `rejected` says of each entry that could not become a line why not. */
export interface FeedRead {
  lines: FeedLine[]
  rejected: string[]
}

/** An account as the feed is asked for it. `institutionId` names the bank, whose habits its lines are read by. */
export interface AskedAccount {
  providerAccountId: string
  currency: string
  institutionId: string | null
}

export interface FeedBalance {
  amountMinor: bigint
  currency: string
}

/** Why a call brought nothing. `consent_expired`: reconnect. `later`: not before `notBefore`. `gone`: the account is closed or
 *  refused for good. `credentials`: the operator's or tenant's keys are wrong. */
export type FeedFault = 'consent_expired' | 'later' | 'gone' | 'credentials' | 'refused' | 'unreachable'

/** Whether the provider said no to the call, so that it does not count against the bank's daily allowance; silence and
 *  unreadable answers may. */
export const wasRefused = (error: BankFeedError): boolean => !/^un(?:reachable|readable)_/.test(error.reason)

export class BankFeedError extends Error {
  override readonly name = 'BankFeedError'
  readonly fault: FeedFault
  readonly notBefore: Date | undefined
  /** Stable word for callers of the API, such as `rate_limited`. */
  readonly reason: string

  constructor(fault: FeedFault, reason: string, message: string, options: { notBefore?: Date; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.fault = fault
    this.reason = reason
    this.notBefore = options.notBefore
  }
}

export interface BankFeed {
  listInstitutions(country: string): Promise<Institution[]>
  getInstitution(id: string): Promise<Institution | undefined>
  startConsent(order: {
    institution: Institution
    redirectUrl: string
    /** Unguessable; comes back with the person. */
    reference: string
    historyDays: number
    language: string | undefined
  }): Promise<StartedConsent>
  readConsent(requisitionId: string): Promise<ConsentState>
  endConsent(requisitionId: string): Promise<void>
  getAccount(providerAccountId: string): Promise<FeedAccount>
  /** All lines whose booking or value day lies in the window; days as YYYY-MM-DD. */
  listLines(account: AskedAccount, from: string, to: string): Promise<FeedRead>
  getBalance(account: AskedAccount): Promise<FeedBalance | undefined>
}
