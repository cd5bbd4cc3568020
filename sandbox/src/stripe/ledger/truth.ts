/** What really happened, noted when it happened and never read back by the API: what a client should find out. */

/** Where a WHMCS gateway left the number of the invoice, in the order in which a reader would look. */
export type Place =
  | 'charge_metadata'
  | 'intent_metadata'
  | 'session_metadata'
  | 'customer_metadata'
  | 'description'
  | 'descriptor'
  | 'nowhere'

export interface Purpose {
  /** The number as the gateway wrote it; null: pays no invoice. */
  invoice: string | null
  place: Place
  /** What the WHMCS gateway recorded as `transid`; null: it missed this payment. */
  recordedAs: string | null
}

export interface PayoutNote {
  /** Ids of the rows that it pays out, without its own. Null: taken from the balance without regard to rows. */
  rows: string[] | null
  /** `listed`: automatic, the API tells; `sweep`: everything that was available; `oldest_rows`: whole rows, the oldest first;
   *  `open`: an amount that nobody can take apart. */
  known: 'listed' | 'sweep' | 'oldest_rows' | 'open'
  /** How the bank showed it: not at all, as one line, or as a line and its return. */
  bank: 'nothing' | 'one_line' | 'and_back'
  failedAt: number | null
}

export class Truth {
  readonly purposes = new Map<string, Purpose>()
  readonly payouts = new Map<string, PayoutNote>()
  /** Which payout a row left with. */
  readonly payoutOf = new Map<string, string>()
  /** What each row is about: a charge, or nothing. */
  readonly chargeOf = new Map<string, string>()
  /** One entry for each movement of money, `kind object`, and the row that it made. */
  readonly movements = new Map<string, string>()
}
