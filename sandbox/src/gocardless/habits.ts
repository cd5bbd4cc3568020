/** How a bank shows its movements: each field is one carelessness seen at real banks, so that a bank is a record, not code.
 *  Source of the kinds: GoCardless reference sections 1.9, 1.13 and 2.1 to 2.2. */
export interface Habits {
  /** `transactionId`. steady; none, empty, blank and notprovided: no usable id; reused: a third of the entries share small numbers;
   *  daily: another id every day; per_read: another at every read; sandbox: the day of the newest entry and a number that repeats. */
  transactionIds: 'steady' | 'none' | 'empty' | 'blank' | 'notprovided' | 'reused' | 'daily' | 'per_read' | 'sandbox'
  internalIds: boolean
  /** The id of a pending entry against that of the booked one. */
  pendingIds: 'same' | 'renamed' | 'placeholder' | 'none'
  /** Text put before pending entries only; `replace` shows a placeholder instead of the text. */
  pendingText: 'same' | 'prefix' | 'replace'
  /** Whether the answer has a `pending` list at all. */
  pendingList: boolean
  lastUpdated: boolean
  entryReferences: 'none' | 'as_id' | 'per_counterparty'
  /** both; booking or value alone; next_month: the booking day is the 1st of next month; value_ahead: the value day is weeks ahead;
   *  in_text: the real day is only in the text. */
  dates: 'both' | 'booking' | 'value' | 'next_month' | 'value_ahead' | 'in_text'
  dateTimes: boolean
  sign: 'normal' | 'inverted' | 'pending_unsigned'
  /** `15.00`, or `15.0` as the sandbox bank writes. */
  decimals: 'two' | 'short'
  /** fields; text and additional: the name stands only there; both_sides: payer and payee filled whatever the direction;
   *  ultimate: the name field holds a word such as "Lastschrift", the name is in the ultimate field. */
  names: 'fields' | 'text' | 'additional' | 'both_sides' | 'ultimate'
  /** Whether the counterparty's account number is shown. */
  accounts: boolean
  /** scalar; array: the array alone; both; structured: free text in the structured field; labelled: one blob of `label:value`. */
  text: 'scalar' | 'array' | 'both' | 'structured' | 'labelled'
  /** The text is broken into lines of this many characters, wherever that falls; 0 leaves it. */
  wrapAt: number
  /** The scalar text ends after this many characters. */
  cutAt: number
  noise: 'none' | 'end_to_end_line' | 'slashes'
  order: 'newest_first' | 'oldest_first' | 'shuffled'
  /** Every fifth booked entry comes twice in one answer: the same id with another booking day, or with its times swapped. */
  twice: 'never' | 'other_day' | 'swapped_times' | 'verbatim'
  /** fills_in: payer account and reference come only two days after booking; drops_names: names older than a week are gone. */
  restates: 'never' | 'fills_in' | 'drops_names'
  /** Every read, other entries: shifts booking days by one, or leaves every seventh entry out. */
  drift: 'never' | 'days' | 'gaps'
  exchangeAs: 'object' | 'array'
  /** All ids are new after each reconnect: account, transactions, everything. */
  reissuesOnReconnect: boolean
  /** The bank's own limit of reads a day and scope, below GoCardless's four; 0 = none. */
  bankReadsPerDay: number
}

export const TIDY: Habits = {
  transactionIds: 'steady',
  internalIds: true,
  pendingIds: 'same',
  pendingText: 'same',
  pendingList: true,
  lastUpdated: true,
  entryReferences: 'none',
  dates: 'both',
  dateTimes: false,
  sign: 'normal',
  decimals: 'two',
  names: 'fields',
  accounts: true,
  text: 'scalar',
  wrapAt: 0,
  cutAt: 140,
  noise: 'none',
  order: 'newest_first',
  twice: 'never',
  restates: 'never',
  drift: 'never',
  exchangeAs: 'array',
  reissuesOnReconnect: false,
  bankReadsPerDay: 0,
}

/** Personalities by name; the comment says after whom each is modelled. */
export const PERSONALITIES = {
  tidy: {},
  // GoCardless's own sandbox bank: the id repeats for unrelated entries, amounts have one decimal.
  sandbox: { transactionIds: 'sandbox', entryReferences: 'as_id', decimals: 'short', exchangeAs: 'object' },
  // UK banks without ids; ING Romania's literal.
  idless: { transactionIds: 'none', lastUpdated: false, accounts: false },
  notprovided: { transactionIds: 'notprovided', noise: 'end_to_end_line' },
  // Belfius and the Co-operative Bank use one id for several transactions.
  reusing: { transactionIds: 'reused', entryReferences: 'per_counterparty', order: 'oldest_first' },
  // Nordea Denmark and SpareBank give another id from day to day.
  shifting: { transactionIds: 'daily', internalIds: true, names: 'additional' },
  // Nationwide: placeholders while pending, another id once booked.
  renaming: { pendingIds: 'placeholder', pendingText: 'prefix', dateTimes: true },
  renamed: { pendingIds: 'renamed', pendingText: 'replace' },
  // OP: the same id twice in one answer with different booking days.
  doubling: { twice: 'other_day', entryReferences: 'per_counterparty' },
  swapping: { twice: 'swapped_times', dateTimes: true },
  // Alior stopped sending names; others fill the payer in later.
  forgetting: { restates: 'drops_names' },
  filling: { restates: 'fills_in', entryReferences: 'as_id' },
  // German savings banks: structured free text, the name in the ultimate field.
  savings: { text: 'structured', names: 'ultimate', wrapAt: 27, pendingIds: 'none', pendingText: 'replace' },
  // ING Germany: one labelled blob. Commerzbank: keywords split by blanks.
  labelled: { text: 'labelled', internalIds: true },
  wrapped: { text: 'both', wrapAt: 35, noise: 'end_to_end_line' },
  // Bankinter: /Txt/ and semicolons for blanks.
  slashed: { noise: 'slashes', names: 'text' },
  // ABN AMRO, Revolut: the array alone.
  lines: { text: 'array', wrapAt: 65, exchangeAs: 'object' },
  // Banco Sabadell: both sides filled.
  both_sides: { names: 'both_sides' },
  // SEB Kort: the sign is inverted. NBG: pending without minus.
  inverted: { sign: 'inverted' },
  unsigned: { sign: 'pending_unsigned', pendingText: 'prefix' },
  // Norwegian: booked on the 1st of next month. Danske: value day weeks ahead. LHV: the day only in the text.
  next_month: { dates: 'next_month' },
  value_ahead: { dates: 'value_ahead' },
  in_text: { dates: 'in_text', text: 'scalar' },
  // A bank that gives a new resource id at every consent.
  reissuing: { reissuesOnReconnect: true },
  // Reads that disagree with each other.
  drifting: { drift: 'days', order: 'shuffled' },
  gappy: { drift: 'gaps', order: 'shuffled', twice: 'verbatim' },
  strict: { bankReadsPerDay: 2 },
} as const satisfies Record<string, Partial<Habits>>

export type Personality = keyof typeof PERSONALITIES
