import { assert } from '../base/errors.ts'
import { type Id, newId } from '../base/ids.ts'
import { formatAmount } from '../base/money.ts'
import { closeAlert, openAlert } from '../events/alerts.ts'
import type { Change } from '../events/store.ts'
import { type Alias, type Decision, identify, type IncomingRow, printOfKey } from './identify.ts'
import { getTransactions, type TransactionRow } from './queries.ts'
import {
  clearMissing,
  cleanLine,
  type FreshRow,
  identityText,
  insertAliases,
  insertRecorded,
  listStored,
  lockAccount,
  type LockedAccount,
  markMissing,
  updateRecorded,
} from './record-queries.ts'
import { presentTransaction } from './schemas.ts'

/** One line as a bank or a statement file gives it. Amounts in minor units, above zero; days as YYYY-MM-DD, the bank's own. */
export interface RecordedLine {
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
  aliases: Alias[]
  /** Shown as `transaction_id`. */
  externalId: string | null
  collective?: IncomingRow['collective']
  providerData?: unknown
}

export interface Recorded {
  created: number
  updated: number
  /** Lines known before, whatever id they came under. */
  known: number
}

/** Records the lines of one answer or one file, each transaction once, in the caller's transaction: known ones are refined,
 *  pending ones become booked, new ones get their identity key for good, and each of it says so by event and audit row.
 *  `covers`: past days that the batch holds in full. */
export async function recordLines(
  tx: Change,
  accountId: Id<'acc'>,
  batch: {
    source: 'bank' | 'file'
    lines: RecordedLine[]
    covers: { from: string; to: string } | null
    notice?: boolean
  },
): Promise<Recorded> {
  const lines = batch.lines.map(cleanLine)
  if (lines.length === 0 && batch.covers === null) return { created: 0, updated: 0, known: 0 }
  const account = await lockAccount(tx, accountId)
  assert(account, 'lines are recorded on an account of the tenant')
  const days = lines.map((line) => line.bookedOn).sort()
  const window = {
    from: [days[0], batch.covers?.from].filter((day) => day !== undefined).sort()[0]!,
    to: [days.at(-1), batch.covers?.to]
      .filter((day) => day !== undefined)
      .sort()
      .at(-1)!,
  }
  const stored = await listStored(
    tx,
    accountId,
    window,
    lines.flatMap((line) => line.aliases),
  )
  const { decisions, missingAtBank } = identify(stored, {
    rows: lines.map(incoming),
    source: batch.source,
    completeDays: batch.covers,
    ...(batch.notice ? { notice: true } : {}),
  })
  const kept = await keepNew(tx, account, batch.source, lines, decisions)
  const updated = await keepKnown(tx, accountId, lines, decisions)
  await keepReturned(tx, decisions)
  for (const line of await getTransactions(tx, await markMissing(tx, missingAtBank))) {
    await openAlert(tx, {
      code: 'missing_at_bank',
      severity: 'warning',
      subject: { type: 'transaction', id: line.id },
      message: `The bank no longer shows ${namedLine(line)}. See at the bank whether it was moved or called back. If it paid an invoice and the money is gone, take its booking back.`,
    })
  }
  return { created: kept, updated, known: decisions.filter((decision) => decision.verdict !== 'new').length }
}

/** The line as people know it: how much, from whom, when. */
function namedLine({ amountMinor, currency, counterpartyName, direction, bookedOn }: TransactionRow): string {
  const who = counterpartyName === '' ? '' : ` ${direction === 'credit' ? 'from' : 'to'} ${counterpartyName}`
  return `the ${formatAmount(amountMinor, currency)} ${currency}${who} of ${bookedOn}`
}

const incoming = (line: RecordedLine): IncomingRow => ({
  amountMinor: line.direction === 'credit' ? line.amountMinor : -line.amountMinor,
  currency: line.currency,
  bookedOn: line.bookedOn,
  valueOn: line.valueOn,
  status: line.status,
  counterpartyName: line.counterpartyName,
  counterpartyIban: line.counterpartyIban,
  text: identityText(line),
  aliases: line.aliases,
  ...(line.collective ? { collective: line.collective } : {}),
})

async function keepNew(
  tx: Change,
  account: LockedAccount,
  source: 'bank' | 'file',
  lines: RecordedLine[],
  decisions: Decision[],
): Promise<number> {
  const fresh: FreshRow[] = []
  const aliases: { id: string; alias: Alias }[] = []
  for (const [n, decision] of decisions.entries()) {
    if (decision.verdict !== 'new') continue
    const id = newId('txn')
    fresh.push({
      id,
      line: lines[n]!,
      identityKey: decision.identityKey,
      fingerprint: printOfKey(decision.identityKey),
      possibleDuplicateOf: decision.possibleDuplicateOf,
    })
    aliases.push(...decision.aliases.map((alias) => ({ id, alias })))
  }
  // What is said of the lines, and their ids, get ready while the lines are written; the connection keeps the order.
  const stored = insertRecorded(tx, account.id, source, fresh)
  const named = insertAliases(tx, account.id, aliases)
  sayNew(tx, account, source, fresh)
  await Promise.all([stored, named])
  return fresh.length
}

async function keepKnown(
  tx: Change,
  accountId: Id<'acc'>,
  lines: RecordedLine[],
  decisions: Decision[],
): Promise<number> {
  const changed: Id<'txn'>[] = []
  const aliases: { id: string; alias: Alias }[] = []
  for (const [n, decision] of decisions.entries()) {
    if (decision.verdict !== 'same') continue
    aliases.push(...decision.aliases.map((alias) => ({ id: decision.id, alias })))
    if (Object.keys(decision.update).length === 0) continue
    await updateRecorded(tx, decision.id, { ...lines[n]!, ...merged(lines[n]!, decision.update) })
    changed.push(decision.id as Id<'txn'>)
  }
  await insertAliases(tx, accountId, aliases)
  await sayChanged(tx, changed)
  return changed.length
}

/** A line that the bank had left out and shows again is as good as before. */
async function keepReturned(tx: Change, decisions: Decision[]): Promise<void> {
  const shown = decisions.flatMap((decision) =>
    decision.verdict === 'same' ? [decision.id] : decision.verdict === 'covered' ? decision.by : [],
  )
  for (const id of await clearMissing(tx, shown)) await closeAlert(tx, 'missing_at_bank', id)
}

/** What identity decided about names, accounts and days wins over what this one answer says. */
const merged = (
  line: RecordedLine,
  update: Extract<Decision, { verdict: 'same' }>['update'],
): Partial<RecordedLine> => ({
  bookedOn: update.bookedOn ?? line.bookedOn,
  valueOn: update.valueOn === undefined ? line.valueOn : update.valueOn,
  counterpartyName: update.counterpartyName ?? line.counterpartyName,
  counterpartyIban: update.counterpartyIban ?? line.counterpartyIban,
})

/** What is new is known in full: it is not read again to be told. */
function sayNew(tx: Change, account: LockedAccount, source: 'bank' | 'file', fresh: FreshRow[]): void {
  for (const row of fresh) {
    tx.event('transaction.created', row.id, presentTransaction(rowOf(account, source, row)))
    tx.audit({
      action: 'transaction.create',
      resource: { type: 'transaction', id: row.id },
      changes: { after: { source } },
    })
  }
}

async function sayChanged(tx: Change, ids: Id<'txn'>[]): Promise<void> {
  if (ids.length === 0) return
  const rows = new Map((await getTransactions(tx, ids)).map((row) => [row.id, row]))
  for (const id of ids) {
    tx.event('transaction.updated', id, presentTransaction(rows.get(id)!))
    tx.audit({
      action: 'transaction.change',
      resource: { type: 'transaction', id },
      changes: { after: { source: 'bank' } },
    })
  }
}

/** A new line as `insertRecorded` stores it. */
const rowOf = (
  account: LockedAccount,
  source: 'bank' | 'file',
  { id, line, identityKey, possibleDuplicateOf }: FreshRow,
): TransactionRow => ({
  id,
  accountId: account.id,
  accountName: account.name,
  bankId: account.bankId,
  bankName: account.bankName,
  externalId: line.externalId,
  source,
  direction: line.direction,
  amountMinor: line.amountMinor,
  currency: line.currency,
  status: line.status === 'pending' ? 'pending' : 'processed',
  matchStatus: 'unmatched',
  bookedOn: line.bookedOn,
  valueOn: line.valueOn,
  bookedAt: new Date(`${line.bookedOn}T00:00:00Z`),
  reference: line.reference,
  description: line.description,
  counterpartyName: line.counterpartyName,
  counterpartyIban: line.counterpartyIban,
  identityKey,
  allocatedMinor: 0n,
  possibleDuplicateOf: possibleDuplicateOf as Id<'txn'> | null,
  note: null,
  createdAt: account.now,
  updatedAt: account.now,
})
