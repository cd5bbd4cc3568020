import { decide } from './identify-decide.ts'
import { byContent, byId, byPending, byRestOfDay, collectives, moved, nearby } from './identify-layers.ts'
import { startRun } from './identify-run.ts'

export { fingerprint, identityKey, normaliseForIdentity, printOfKey } from './identify-text.ts'

/** An id somebody gave a line. Kinds known here: `internal` (the provider's content id), `end_to_end` and `entry_reference`
 *  (weak, as `ntry_ref`, `bank_ref`, `customer_ref`: reused by payers and banks), `acct_svcr_ref` (the bank's ledger), `collective` (see `IncomingRow.collective`);
 *  every other kind (`transaction_id`, `fitid` …) is a bank's own id of the line. */
export interface Alias {
  kind: string
  value: string
}

export interface RowFacts {
  /** Signed: money out is below zero. */
  amountMinor: bigint
  currency: string
  /** YYYY-MM-DD */
  bookedOn: string
  valueOn: string | null
  status: 'pending' | 'booked'
  counterpartyName: string
  counterpartyIban: string | null
  /** All text of the line, as the bank wrote it. */
  text: string
  aliases: Alias[]
}

export interface IncomingRow extends RowFacts {
  /** Set on a detail of a collective entry: the entry's references and its signed total. */
  collective?: { refs: string[]; amountMinor: bigint }
}

export type RowSource = 'bank' | 'file' | 'stripe' | 'api'

export interface StoredRow extends RowFacts {
  id: string
  source: RowSource
  identityKey: string
}

export interface IncomingBatch {
  /** One answer of the bank or one file, in its own order. Two rows of a batch are never one transaction. */
  rows: IncomingRow[]
  source: RowSource
  /** CAMT.054 and 052: rows that explain or announce, so that a known bank reference, however short, adds no money. */
  notice?: boolean
  /** Past days that this batch holds in full, by booking day, both included; null when nobody can say. */
  completeDays: { from: string; to: string } | null
  /** Kinds of ids that this bank is known to reuse. */
  untrustedKinds?: readonly string[]
}

/** The evidence that told a row again. A–F as below; `day`: all else of the day agreed; `moved`: the bank gave it another
 *  day. */
export type Layer = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'day' | 'moved'

export type RowUpdate = Partial<
  Pick<RowFacts, 'status' | 'bookedOn' | 'valueOn' | 'counterpartyName' | 'counterpartyIban' | 'text'>
>

export type Decision =
  /** Known: keeps its id and key. `update`: what changed; `aliases`: ids not yet stored with it. */
  | { verdict: 'same'; id: string; layer: Layer; update: RowUpdate; aliases: Alias[] }
  /** A collective entry or its details, whose money these stored rows hold already. Nothing is stored. */
  | { verdict: 'covered'; by: string[] }
  /** To be stored under this key. With `possibleDuplicateOf` a person must look first: no automatic match. */
  | { verdict: 'new'; ordinal: number; identityKey: string; possibleDuplicateOf: string | null; aliases: Alias[] }

export interface Identification {
  /** One for each incoming row, in order. */
  decisions: Decision[]
  /** Booked rows of bank or file on complete days that this batch no longer holds. Never deleted; alert if money moved. */
  missingAtBank: string[]
}

/** Decides which incoming rows are transactions already stored. Pure: same input, same answer.
 *
 *  stored: the rows of ONE account from 10 days before the first to 10 days after the last day of the batch, plus any
 *  that share an id with it, in a stable order (oldest id first). batch: see there.
 *
 *  The layers run in this order, each over the whole batch before the next, so that weak evidence cannot steal the partner
 *  of strong evidence; each stored row is used once.
 *  - collective: an entry and its details that add up to it are one amount of money.
 *  - A, B, C: ids, with equal amount and currency and only if trustworthy (not blank, no placeholder, 6 characters or
 *    more, once in this batch). A: `internal`. B: a bank's own id, within 10 days. C: any id equal, within 3 days.
 *    An id that returns with another amount has been reused: it decides nothing.
 *  - D: equal content of the same day, the nth of the batch with the nth stored.
 *  - E: a booked row and a stored pending one of equal amount, -1 to +7 days apart, nearest first.
 *  - F: equal amount, and payer or text alike though written otherwise: on the same day, or within 2 days if another
 *    source wrote it.
 *  - day, moved: what is left of a day, or of an amount near it, when the batch is known or seen to hold that day whole.
 *  - G: a stored row of equal amount might still be this one, so the new one is marked for a person.
 *
 *  Pending becomes booked and never the reverse. Source of the layers: bank adapters of actualbudget/actual, Enable
 *  Banking on syncing without unique ids; equal days are compared as wholes for the reason given there. */
export function identify(stored: readonly StoredRow[], batch: IncomingBatch): Identification {
  const run = startRun(stored, batch)
  collectives(run)
  byId(run, 'A')
  byId(run, 'B')
  byId(run, 'C')
  byContent(run)
  byPending(run)
  nearby(run)
  byRestOfDay(run)
  moved(run)
  return decide(run)
}
