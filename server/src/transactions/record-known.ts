import { assert } from '../base/errors.ts'
import { type Id, newId } from '../base/ids.ts'
import type { Change } from '../events/store.ts'
import { insertKnown, type KnownState, listKnown, updateKnown } from './known-queries.ts'
import type { TransactionRow } from './queries.ts'
import { cleanText, insertAliases, lockAccount, type LockedAccount } from './record-queries.ts'
import { presentTransaction } from './schemas.ts'

/** One line as its provider knows it now. Its id is the provider's own and means this line for ever. Amounts in minor units,
 *  above zero. */
export interface KnownLine {
  externalId: string
  direction: 'credit' | 'debit'
  amountMinor: bigint
  currency: string
  status: 'pending' | 'processed'
  /** Why the provider says that the money did not come, or went back: the line is set aside with this note. */
  voided: string | null
  /** What people should know of it. Replaces no note of theirs. */
  note: string | null
  bookedAt: Date
  valueOn: string | null
  reference: string
  description: string
  counterpartyName: string
  /** Other ids it is known by, such as the ones a billing system may have kept. */
  aliases: string[]
}

/** A line that a decision rests on, and what its provider now says against it. Nothing of it was changed. */
export interface Contradiction {
  row: TransactionRow
  line: KnownLine
  about: 'amount' | 'status'
}

export interface KnownOutcome {
  ids: Map<string, Id<'txn'>>
  created: number
  updated: number
  /** Whether there is new or changed money in that an invoice may be found for. */
  matchable: boolean
  contradictions: Contradiction[]
}

/** Notes of ours begin with this; all others are people's. */
export const NOTE_OF_STRIPE = 'Stripe: '

/** Records lines of a provider whose ids are unique and lasting (Stripe), each once, in the caller's transaction, and brings known
 *  ones to what the provider says now; each of it says so by event and audit row. Where an invoice was decided to be paid by a
 *  line, its amount and status stay, and the difference is handed back: it is for a person. What a person set aside stays so. */
export async function recordKnown(
  tx: Change,
  accountId: Id<'acc'>,
  source: 'stripe',
  given: readonly KnownLine[],
): Promise<KnownOutcome> {
  const outcome: KnownOutcome = { ids: new Map(), created: 0, updated: 0, matchable: false, contradictions: [] }
  if (given.length === 0) return outcome
  const account = await lockAccount(tx, accountId)
  assert(account, 'lines are recorded on an account of the tenant')
  const lines = [...new Map(given.map((line) => [line.externalId, cleanKnown(line)])).values()]
  const known = await listKnown(
    tx,
    accountId,
    source,
    lines.map((line) => line.externalId),
  )
  const [fresh, changed]: [TransactionRow[], KnownState[]] = [[], []]
  const voids = new Set<string>()
  for (const line of lines) {
    const before = known.get(line.externalId)
    if (!before) {
      const row = freshRow(account, source, line)
      fresh.push(row)
      if (line.voided !== null) voids.add(row.id)
      outcome.ids.set(line.externalId, row.id)
      continue
    }
    outcome.ids.set(line.externalId, before.row.id)
    const about = contradiction(before.row, line)
    if (about) outcome.contradictions.push({ row: before.row, line, about })
    const after = brought(before, line, account.now)
    if (differs(before, after)) changed.push(after)
  }
  await insertKnown(tx, fresh, voids)
  await updateKnown(tx, changed)
  await insertAliases(
    tx,
    accountId,
    lines.flatMap((line) =>
      line.aliases.map((value) => ({ id: outcome.ids.get(line.externalId)!, alias: { kind: source, value } })),
    ),
  )
  say(tx, source, fresh, changed)
  outcome.created = fresh.length
  outcome.updated = changed.length
  outcome.matchable = [...fresh, ...changed.map(({ row }) => row)].some(mayMatch)
  return outcome
}

const mayMatch = (row: TransactionRow): boolean =>
  row.direction === 'credit' && row.status === 'processed' && !isDecided(row)

/** An invoice, or a payout, is known to be what the line is. */
const isDecided = (row: TransactionRow): boolean => row.matchStatus !== 'unmatched' && row.matchStatus !== 'suggested'

const statusOf = (line: KnownLine): TransactionRow['status'] => (line.voided === null ? line.status : 'ignored')

function contradiction(row: TransactionRow, line: KnownLine): Contradiction['about'] | undefined {
  if (!isDecided(row)) return undefined
  if (row.amountMinor !== line.amountMinor) return 'amount'
  return row.status === statusOf(line) ? undefined : 'status'
}

/** The row as it is to be. */
function brought({ row, void: wasVoid }: KnownState, line: KnownLine, now: Date): KnownState {
  const decided = isDecided(row)
  const setAside = row.status === 'ignored' && !wasVoid
  const ours = row.note === null || row.note.startsWith(NOTE_OF_STRIPE)
  return {
    void: line.voided !== null,
    row: {
      ...row,
      amountMinor: decided ? row.amountMinor : line.amountMinor,
      status: decided || setAside ? row.status : statusOf(line),
      valueOn: line.valueOn,
      reference: line.reference,
      description: line.description,
      counterpartyName: line.counterpartyName,
      note: ours && !setAside ? (line.voided ?? line.note) : row.note,
      updatedAt: now,
    },
  }
}

const differs = (before: KnownState, after: KnownState): boolean =>
  before.void !== after.void || COMPARED.some((field) => before.row[field] !== after.row[field])

const COMPARED = [
  'amountMinor',
  'status',
  'valueOn',
  'reference',
  'description',
  'counterpartyName',
  'note',
] as const satisfies readonly (keyof TransactionRow)[]

const cleanKnown = (line: KnownLine): KnownLine => ({
  ...line,
  reference: cleanText(line.reference),
  description: cleanText(line.description),
  counterpartyName: cleanText(line.counterpartyName),
  note: line.note && cleanText(line.note),
  voided: line.voided && cleanText(line.voided),
})

/** What is new is known in full: it is not read again to be told. */
const freshRow = (account: LockedAccount, source: 'stripe', line: KnownLine): TransactionRow => ({
  id: newId('txn'),
  accountId: account.id,
  accountName: account.name,
  bankId: account.bankId,
  bankName: account.bankName,
  externalId: line.externalId,
  source,
  direction: line.direction,
  amountMinor: line.amountMinor,
  currency: line.currency,
  status: statusOf(line),
  matchStatus: 'unmatched',
  bookedOn: line.bookedAt.toISOString().slice(0, 10),
  valueOn: line.valueOn,
  bookedAt: line.bookedAt,
  reference: line.reference,
  description: line.description,
  counterpartyName: line.counterpartyName,
  counterpartyIban: null,
  identityKey: `${source}:${line.externalId}`,
  allocatedMinor: 0n,
  possibleDuplicateOf: null,
  note: line.voided ?? line.note,
  createdAt: account.now,
  updatedAt: account.now,
})

function say(tx: Change, source: 'stripe', fresh: readonly TransactionRow[], changed: readonly KnownState[]): void {
  for (const row of fresh) {
    tx.event('transaction.created', row.id, presentTransaction(row))
    tx.audit({
      action: 'transaction.create',
      resource: { type: 'transaction', id: row.id },
      changes: { after: { source } },
    })
  }
  for (const { row } of changed) {
    tx.event('transaction.updated', row.id, presentTransaction(row))
    tx.audit({
      action: 'transaction.change',
      resource: { type: 'transaction', id: row.id },
      changes: { after: { source, status: row.status } },
    })
  }
}
