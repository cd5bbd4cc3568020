import type { RateMillionths } from './currencies.ts'

/** What a merchant agreed on with Stripe. May be changed at any time; what has happened stays. */
export interface MerchantTerms {
  /** Two letters. */
  country: string
  businessName: string
  timezone: string
  defaultCurrency: string
  /** Currencies with a bank account of their own: charges in them are not converted. Holds the default currency. */
  settlementCurrencies: string[]
  /** The last four of these bank accounts, by currency; drawn where absent. */
  bankLast4: Record<string, string>
  /** The front part of what the payer's statement shows. */
  descriptor: string
  /** The account's own text on payouts; null: the bank shows what it likes. */
  payoutDescriptor: string | null
  schedule: {
    interval: 'daily' | 'weekly' | 'monthly' | 'manual'
    /** Days from a card charge until its money is available. */
    delayDays: number
    /** 0 is Sunday. */
    weeklyAnchor: number
    monthlyAnchor: number
  }
  fees: {
    /** Hundredths of a percent of the settled amount. */
    bps: bigint
    /** By settlement currency, in its smallest unit; 0 where absent. */
    fixedMinor: Record<string, bigint>
    /** On top when the charge is converted. */
    conversionBps: bigint
    /** Tax on Stripe's fee, inside the fee, as a second `fee_details` row; 0 for none. */
    taxBps: bigint
    /** By currency; 2000 where absent. */
    disputeMinor: Record<string, bigint>
    instantPayoutBps: bigint
  }
  /** `usd>eur`: millionths of a cent of euro per cent of dollar. */
  rates: Record<string, RateMillionths>
  /** Kept in the Stripe balance, by currency. */
  minimumBalanceMinor: Record<string, bigint>
  /** `once`: held in one payout until the minimum is lowered; `each_payout`: released into the next payout and held anew. */
  minimumBalanceStyle: 'once' | 'each_payout'
  /** A balance below zero is taken from the bank account by a negative payout; else it waits for the next charges. */
  debitsNegative: boolean
  /** Money of direct debits is paid out apart from that of cards, so two payouts come on one day. */
  splitsBySource: boolean
  /** Working days from a payout to its arrival. */
  arrivalWorkdays: number
  /** Seconds from a payout to `reconciliation_status: completed`; null: stays `in_progress` until told. */
  reconciliationDelaySeconds: number | null
  /** Seconds from the arrival to the trace id; null: unsupported in this country. */
  traceDelaySeconds: number | null
  /** Whether the row that takes a failed direct debit back returns its fee as well. */
  failureReturnsFee: boolean
}

/** Changes of terms; of the schedule and the fees only what changes. */
export type TermChanges = Partial<Omit<MerchantTerms, 'schedule' | 'fees'>> & {
  schedule?: Partial<MerchantTerms['schedule']>
  fees?: Partial<MerchantTerms['fees']>
}

export const changedTerms = (terms: MerchantTerms, { schedule, fees, ...changes }: TermChanges): MerchantTerms => ({
  ...terms,
  ...changes,
  schedule: { ...terms.schedule, ...schedule },
  fees: { ...terms.fees, ...fees },
})

export function defaultTerms(changes: TermChanges = {}): MerchantTerms {
  const defaultCurrency = changes.defaultCurrency ?? 'eur'
  const usual: MerchantTerms = {
    country: 'DE',
    businessName: 'Fjordlicht Hosting GmbH',
    timezone: 'Europe/Berlin',
    defaultCurrency,
    settlementCurrencies: [defaultCurrency],
    bankLast4: {},
    descriptor: 'FJORDLICHT',
    payoutDescriptor: null,
    schedule: { interval: 'daily', delayDays: 3, weeklyAnchor: 1, monthlyAnchor: 1 },
    fees: {
      bps: 150n,
      fixedMinor: { eur: 25n, usd: 30n, gbp: 20n, jpy: 0n },
      conversionBps: 200n,
      taxBps: 0n,
      disputeMinor: { eur: 2000n, usd: 1500n, gbp: 2000n, jpy: 1500n },
      instantPayoutBps: 100n,
    },
    rates: {},
    minimumBalanceMinor: {},
    minimumBalanceStyle: 'once',
    debitsNegative: true,
    splitsBySource: false,
    arrivalWorkdays: 1,
    reconciliationDelaySeconds: 7200,
    traceDelaySeconds: 86_400,
    failureReturnsFee: true,
  }
  return changedTerms(usual, changes)
}
