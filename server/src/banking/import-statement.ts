import { AppError, notFound } from '../base/errors.ts'
import { type Id, newId, type TenantId } from '../base/ids.ts'
import { decimalsOf, type Money } from '../base/money.ts'
import type { Actor } from '../events/audit.ts'
import type { Change } from '../events/store.ts'
import type { BalanceCheck, CsvMapping, Statement, StatementAccount } from '../statements/index.ts'
import { MATCH_JOB, recordLines } from '../transactions/index.ts'
import type { BankingDeps } from './deps.ts'
import { findAccount, type OwnAccount } from './find-account.ts'
import { dropFile } from './import-file-queries.ts'
import {
  finishImport,
  type ImportResult,
  type ImportRow,
  insertImport,
  listOwnAccounts,
  noteProgress,
  recallMapping,
  rememberMapping,
} from './import-queries.ts'
import { parseUpload } from './parse-upload.ts'
import { getConnection } from './queries.ts'
import { batchesByDay, completeDays, type DayBatch, isNotice, toRecordedLines } from './to-recorded-lines.ts'

/** More than this many refused lines are counted, not listed: the list is for a person to read. */
const REJECTED_MAX = 1_000
/** A statement may take 5 s and a transaction stand idle for 10: of 10,000 lines on two cores five times overloaded, comparing
 *  took 4 s and writing events and audit rows 4 s more. */
const LINES_PER_CHANGE = 4_000

/** Takes in a statement file: reads it outside any transaction, then records the lines of all its accounts, the job that matches
 *  them and the import itself, in one transaction up to 4,000 lines, in several beyond. The same file again creates nothing. Throws `validation_failed` for a file that cannot
 *  be read or is of another account, `resource_conflict` for a revoked connection. `queued`: the import that waited for this, which
 *  then says how far it is; otherwise it is written when it is done. */
export async function importStatement(
  deps: BankingDeps,
  tenantId: TenantId,
  actor: Actor,
  connectionId: Id<'bank'>,
  upload: { bytes: Uint8Array; mapping: CsvMapping | undefined },
  queued?: Id<'imp'>,
): Promise<ImportRow> {
  const { own, remembered } = await deps.store.read(tenantId, async (tx) => {
    const connection = await getConnection(tx, connectionId)
    if (!connection) throw notFound()
    refuseRevoked(connection)
    const own = await listOwnAccounts(tx, deps.vault, connectionId)
    return { own, remembered: own.length === 1 ? await recallMapping(tx, own[0]!.id) : undefined }
  })
  const currencies = new Set(own.map((account) => account.currency))
  const currency = currencies.size === 1 ? own[0]!.currency : undefined
  const statement = await parseUpload(upload.bytes, currency, upload.mapping, remembered)
  const parts = partsOf(statement, own)
  const changes = changesOf(statement, parts)
  const change = <T>(work: (tx: Change) => Promise<T>): Promise<T> => deps.store.change(tenantId, actor, work)
  const far = { entries: entriesOf(statement), recorded: 0, created: 0 }
  const tell = async (tx: Change): Promise<void> => {
    if (queued) await noteProgress(tx, queued, far)
  }
  await (queued ? change(tell) : undefined)
  // All but the last of a large file; were it interrupted, the same file again would add just the rest.
  for (const batches of changes.slice(0, -1)) {
    const created = await change(async (tx) => {
      const created = await keepBatches(tx, batches)
      far.recorded += linesIn(batches)
      await tell(tx)
      return created
    })
    far.created += created
  }
  return change(async (tx) => {
    const created = far.created + (await keepBatches(tx, changes.at(-1) ?? []))
    if (statement.mapping) {
      for (const { account } of parts)
        await rememberMapping(tx, account.id, statement.mapping, upload.mapping !== undefined)
    }
    return keepImport(tx, { connectionId, queued }, statement, parts, created)
  })
}

/** Throws `resource_conflict` for a connection that takes no more files. */
export function refuseRevoked({ status }: { status: string }): void {
  if (status === 'revoked')
    throw new AppError('resource_conflict', 'The connection is revoked. Upload the file to one that is in use.')
}

const entriesOf = (statement: Statement): number => statement.accounts.reduce((sum, one) => sum + one.entries.length, 0)
const linesIn = (batches: readonly LineBatch[]): number => batches.reduce((sum, { lines }) => sum + lines.length, 0)

interface AccountPart {
  account: OwnAccount
  statements: StatementAccount[]
}

/** What the file holds of each account of ours, in the order in which accounts are locked. */
function partsOf(statement: Statement, own: OwnAccount[]): AccountPart[] {
  const parts = new Map<string, AccountPart>()
  for (const one of statement.accounts) {
    const account = findAccount(own, one)
    if (one.currency === null && decimalsOf(account.currency) !== decimalsOf('')) {
      throw new AppError(
        'validation_failed',
        `The file does not say its currency, and ${account.currency} is not written with two decimals. Name the currency column in the mapping.`,
      )
    }
    const part = parts.get(account.id) ?? { account, statements: [] }
    parts.set(account.id, part)
    part.statements.push(one)
  }
  return [...parts.values()].sort((one, other) => (one.account.id < other.account.id ? -1 : 1))
}

/** What is recorded together: usually the whole file, in turns of whole days where it is large. */
function changesOf(statement: Statement, parts: AccountPart[]): LineBatch[][] {
  const batches = parts.flatMap(({ account, statements }) => {
    const entries = statements.flatMap((one) => one.entries)
    const covers = statements.length === 1 ? completeDays(statement.format, statements[0]!) : null
    return batchesByDay(toRecordedLines(entries, account.currency), covers, LINES_PER_CHANGE).map((batch) => ({
      ...batch,
      accountId: account.id,
      notice: isNotice(statement.format),
    }))
  })
  const changes: LineBatch[][] = []
  let lines = 0
  for (const batch of batches) {
    lines += batch.lines.length
    // A statement without a line still says which days it covers.
    if (changes.length === 0 || lines > LINES_PER_CHANGE) {
      changes.push([])
      lines = batch.lines.length
    }
    changes.at(-1)!.push(batch)
  }
  return changes
}

interface LineBatch extends DayBatch {
  accountId: Id<'acc'>
  notice: boolean
}

/** Returns how many lines were new. */
async function keepBatches(tx: Change, batches: LineBatch[]): Promise<number> {
  let created = 0
  for (const { accountId, lines, covers, notice } of batches) {
    const kept = await recordLines(tx, accountId, { source: 'file', lines, covers, notice })
    created += kept.created
  }
  if (created > 0) tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
  return created
}

async function keepImport(
  tx: Change,
  { connectionId, queued }: { connectionId: Id<'bank'>; queued: Id<'imp'> | undefined },
  statement: Statement,
  parts: AccountPart[],
  created: number,
): Promise<ImportRow> {
  const entries = entriesOf(statement)
  const result: ImportResult = {
    format: statement.format,
    accounts: statement.accounts.length,
    entries,
    created,
    duplicates: entries - created,
    balanceCheck: worst(statement.accounts.map((one) => one.balanceCheck)),
    balanceDifference: differenceOf(parts),
    mapping: statement.mapping ?? null,
    rejected: listed(statement.rejected),
  }
  if (queued) await dropFile(tx, queued)
  const row = queued
    ? await finishImport(tx, queued, result)
    : await insertImport(tx, { id: newId('imp'), connectionId }, result)
  tx.audit({
    action: 'statement.import',
    resource: { type: 'bank_connection', id: connectionId },
    changes: { after: { import_id: row.id, format: row.format, entries, created } },
  })
  return row
}

const WORST_FIRST: BalanceCheck[] = ['gap', 'overlap', 'unknown', 'ok']

const worst = (checks: BalanceCheck[]): BalanceCheck => WORST_FIRST.find((check) => checks.includes(check)) ?? 'unknown'

/** How far the file misses its balances; sums of two currencies do not exist, so then nobody can say in one number. */
function differenceOf(parts: AccountPart[]): Money | null {
  const gaps = parts.flatMap(({ account, statements }) =>
    statements
      .filter((one) => one.balanceDifferenceMinor !== null)
      .map((one) => ({ amountMinor: one.balanceDifferenceMinor!, currency: account.currency })),
  )
  if (gaps.length === 0 || gaps.some((gap) => gap.currency !== gaps[0]!.currency)) return null
  return { amountMinor: gaps.reduce((sum, gap) => sum + gap.amountMinor, 0n), currency: gaps[0]!.currency }
}

function listed(rejected: Statement['rejected']): Statement['rejected'] {
  if (rejected.length <= REJECTED_MAX) return rejected
  const [shown, more] = [rejected.slice(0, REJECTED_MAX), rejected.slice(REJECTED_MAX)]
  return [...shown, { line: more[0]!.line, reason: `From here on ${more.length} more lines were rejected.` }]
}
