import { eachApart } from '../base/each-apart.ts'
import { AppError, notFound } from '../base/errors.ts'
import { type Id, newId, type TenantId } from '../base/ids.ts'
import { type Actor, systemActor } from '../events/audit.ts'
import type { CsvMapping } from '../statements/index.ts'
import type { BankingDeps } from './deps.ts'
import { dropFile, keepFile, listForgottenFiles, openFile } from './import-file-queries.ts'
import { failImport, getImport, type ImportRow, insertQueued } from './import-queries.ts'
import { importStatement, refuseRevoked } from './import-statement.ts'
import { lockConnection } from './queries.ts'

export const IMPORT_JOB = 'import-statement'

/** After this the job has used up its tries. Planned. */
const FORGOTTEN_MS = 2 * 3_600_000
const AT_ONCE = 50

/** Keeps the file and answers at once; a worker reads it. Throws `resource_conflict` for a revoked connection. */
export async function queueImport(
  deps: BankingDeps,
  tenantId: TenantId,
  actor: Actor,
  connectionId: Id<'bank'>,
  upload: { bytes: Uint8Array; mapping: CsvMapping | undefined },
): Promise<ImportRow> {
  return deps.store.change(tenantId, actor, async (tx) => {
    const connection = await lockConnection(tx, connectionId)
    if (!connection) throw notFound()
    refuseRevoked(connection)
    const row = await insertQueued(tx, { id: newId('imp'), connectionId })
    await keepFile(tx, deps.vault, row.id, { ...upload, actor })
    tx.job(IMPORT_JOB, { importId: row.id })
    tx.audit({
      action: 'statement.send',
      resource: { type: 'bank_connection', id: connectionId },
      changes: { after: { import_id: row.id, bytes: upload.bytes.length } },
    })
    return row
  })
}

/** Reads the file of a queued import. A file that cannot be read is an outcome, kept on the import in words for people; done again
 *  after a crash it adds only what is missing. */
export async function importQueued(deps: BankingDeps, tenantId: TenantId, id: Id<'imp'>): Promise<void> {
  const { file, row } = await deps.store.read(tenantId, async (tx) => ({
    file: await openFile(tx, deps.vault, id),
    row: await getImport(tx, id),
  }))
  if (!file || !row || row.status === 'done' || row.status === 'failed') return
  try {
    await importStatement(deps, tenantId, file.actor, row.connectionId, file, id)
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'validation_failed' && error.code !== 'resource_conflict'))
      throw error
    const details = error.details.map(({ field, issue }) => `${field}: ${issue}`)
    await giveUp(deps, tenantId, file.actor, row, [error.message, ...details].join(' '))
  }
}

/** Ends imports whose job came to no end: the file is forgotten, and who sent it is told. */
export async function endForgottenImports(deps: BankingDeps): Promise<void> {
  const forgotten = await deps.store.directory((tx) => listForgottenFiles(tx, deps.scaled(FORGOTTEN_MS), AT_ONCE))
  await eachApart(forgotten, async ({ tenantId, id }) => {
    const row = await deps.store.read(tenantId, (tx) => getImport(tx, id))
    if (row) await giveUp(deps, tenantId, systemActor('schedule'), row, INTERRUPTED)
  })
}

async function giveUp(
  deps: BankingDeps,
  tenantId: TenantId,
  actor: Actor,
  row: ImportRow,
  error: string,
): Promise<void> {
  await deps.store.change(tenantId, actor, async (tx) => {
    if (!(await dropFile(tx, row.id))) return
    await failImport(tx, row.id, error)
    tx.audit({
      action: 'statement.fail',
      resource: { type: 'bank_connection', id: row.connectionId },
      changes: { after: { import_id: row.id, error } },
    })
  })
}

const INTERRUPTED =
  'The file could not be taken in to its end. Upload it again: what is in already is not taken twice. If it happens again, ask the operator for the log.'
