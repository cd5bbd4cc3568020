/** What a GoCardless simulator is filled with: bank accounts and the money that moved on them, told in neutral words. The habits of
 *  the account's bank decide in which fields, and with how much carelessness, the API shows them. Everything is plain JSON. */

import type { Habits } from './habits.ts'

export type Scope = 'balances' | 'details' | 'transactions'

export interface SeedCounterparty {
  name?: string
  iban?: string
  bban?: string
  bic?: string
}

/** One movement of money. `key` names it for good: ids given by the simulated bank may change, the key does not. */
export interface SeedTransaction {
  key: string
  /** Plain decimal in major units, negative = money out: `-95.35`. */
  amount: string
  /** Defaults to the account's currency. */
  currency?: string
  /** YYYY-MM-DD; absent where the bank gives none (a pending entry usually has no booking day). */
  bookingDate?: string
  valueDate?: string
  /** Time of day, `14:05:10`, for banks that give date-times. */
  time?: string
  /** Pending until booked by the control surface. */
  pending?: boolean
  /** Pending until this day (YYYY-MM-DD) begins on the simulator's clock, booked from then on. */
  pendingUntil?: string
  counterparty?: SeedCounterparty
  /** The real payer or payee where the bank knows one behind the counterparty. */
  ultimateName?: string
  /** Remittance text; an array is what the bank split into lines itself. */
  text?: string | string[]
  /** Structured creditor reference, such as `RF18…`. */
  structured?: string
  endToEndId?: string
  mandateId?: string
  additional?: string
  /** ISO domain-family-subfamily, `PMNT-RCDT-ESCT`. */
  code?: string
  proprietaryCode?: string
  exchange?: { sourceCurrency: string; targetCurrency: string; rate: string; instructedAmount?: string }
  balanceAfter?: string
  /** Put over the written entry as it stands; a null removes the field. */
  raw?: Record<string, unknown>
}

/** One real bank account. `key` names it for good, also across reconnects that give it a new account id. */
export interface SeedAccount {
  key: string
  institutionId: string
  currency: string
  iban?: string
  bban?: string
  /** Sort code and account number, fourteen digits. */
  scan?: string
  maskedPan?: string
  bic?: string
  ownerName: string
  name?: string
  product?: string
  cashAccountType?: string
  usage?: 'PRIV' | 'ORGA'
  /** Booked balance, plain decimal. */
  balance?: string
  /** Own habits over those of the bank. */
  habits?: Partial<Habits>
  transactions: SeedTransaction[]
}

export interface SeedInstitution {
  id: string
  name: string
  bic: string
  countries: string[]
  /** Days, as text, the way the API writes them. */
  transactionTotalDays?: string
  maxAccessValidForDays?: string
  supportedFeatures?: string[]
  habits?: Partial<Habits>
}

export interface SeedCredentials {
  secretId: string
  secretKey: string
}

export interface GocardlessSeed {
  /** Where the simulator's clock starts; it runs on from there. Absent: the real time. */
  now?: string
  /** Who may ask for tokens; each is a company of its own. Absent: `SANDBOX_CREDENTIALS`. */
  credentials?: SeedCredentials[]
  /** Added to the built-in banks; the same id replaces. */
  institutions?: SeedInstitution[]
  accounts: SeedAccount[]
}

/** Accepted unless the seed names others. Made up, of the real form (uuid and 128 hexadecimal digits). */
export const SANDBOX_CREDENTIALS: SeedCredentials = {
  secretId: '5a6d0b0c-5a4d-4b0e-9d0a-5a4db0c0ffee',
  secretKey: '5a4db0c0ffee'.repeat(11).slice(0, 128),
}
