import { AppError } from '../../base/errors.ts'
import { newId } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { MATCH_JOB } from '../../transactions/index.ts'
import type { BilledClient } from '../billing-system.ts'
import { keepClients } from '../mirror/queries.ts'
import { type ReadInvoice, saveInvoices } from '../mirror/save-invoices.ts'
import type { ModuleCall } from './admit-call.ts'
import { compareLedger } from './compare-ledger.ts'
import { type ModuleDeps, YOUNG_MS } from './deps.ts'
import { asRead, type PushedInvoice, type Read, readClient, readInvoice } from './read-rows.ts'
import {
  beginRun,
  endRun,
  listClients,
  listJustBooked,
  listKnown,
  listUnnamed,
  lockRun,
  setPushed,
  touchRead,
} from './run-queries.ts'
import type { PushBody } from './schemas.ts'
import { forgetWanted, want } from './wanted-queries.ts'

export interface PushAnswer {
  taken: number
  rejected: { id: string; reason: string }[]
}

/** Invoices stored, or closed, in one change: short locks. */
const SAVE_ROWS = 50

/** Stores what a module pushed, as the mirror of the API stores what it read, and compares our payments with it. A row that
 *  cannot be taken is named with its reason and holds up no other. Of a full push: `begin` notes where it begins, `end` closes
 *  what nobody has named since; the first one that ends lets decisions be made. All of it may be repeated at any point. Throws
 *  `resource_conflict` for a page or an end of a full push that is not the present one, or that named nothing at all. */
export async function takePush(deps: ModuleDeps, call: ModuleCall<PushBody>): Promise<PushAnswer> {
  const { store } = deps
  const { tenantId, actor, instance, body } = call
  const rejected: PushAnswer['rejected'] = []
  const sorted = <T>(rows: Read<T>[]): T[] =>
    rows.flatMap((each) => {
      if ('row' in each) return [each.row]
      rejected.push(each)
      return []
    })
  const { full } = body
  if (full) {
    await store.change(tenantId, actor, async (tx) => {
      if (full.step === 'begin') await beginRun(tx, instance.id, full.id)
      else await refuseOldRun(tx, call, full.id)
    })
  }

  const clients = byId(sorted(body.clients.map(readClient)))
  if (clients.size > 0) {
    const rows = [...clients.values()].map((client) => ({ ...client, id: newId('cli') }))
    await store.change(tenantId, actor, (tx) => keepClients(tx, instance.id, rows))
  }
  const pushed = byId(
    sorted(body.invoices.map(readInvoice)).map((each) => ({ ...each, externalId: each.invoice.externalId })),
  )
  const { reads, refused } = await joinClients(deps, call, [...pushed.values()])
  rejected.push(...refused)
  const old = await listOutdated(deps, call, reads)
  const gone = body.gone.filter((id) => !pushed.has(id))
  const announce = instance.mirroredAt !== null
  const fresh = reads.filter((each) => !old.has(each.externalId))
  for (const some of portions([...fresh, ...(await knownAmong(deps, call, gone))])) {
    await store.change(tenantId, actor, (tx) => saveInvoices(tx, instance.id, some, announce))
  }
  if (old.size > 0) await store.change(tenantId, actor, (tx) => touchRead(tx, instance.id, [...old]))
  if (full?.step === 'end') await closeUnnamed(deps, call, full.id)
  await store.change(tenantId, actor, async (tx) => {
    await setPushed(tx, instance.id, tx.now)
    await forgetWanted(tx, instance.id, [...fresh.map((each) => each.externalId), ...body.gone])
    await want(tx, instance.id, [...old])
    if (full?.step !== 'end') return
    await refuseOldRun(tx, call, full.id)
    await endRun(tx, instance.id)
    // From now on decisions may be taken without a person.
    if (!announce) tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
  })
  await compareLedger(deps, call, [...fresh.map((each) => each.externalId), ...gone])
  return { taken: reads.length, rejected }
}

/** Invoices with the client that owes them: pushed along or known before. A currency that changed, and a client nobody has
 *  named, is refused. */
async function joinClients(
  deps: ModuleDeps,
  { tenantId, instance }: ModuleCall<PushBody>,
  pushed: PushedInvoice[],
): Promise<{ reads: ReadInvoice[]; refused: PushAnswer['rejected'] }> {
  const { clients, known } = await deps.store.read(tenantId, async (tx) => ({
    clients: byId<BilledClient>(
      await listClients(
        tx,
        instance.id,
        pushed.map((each) => each.clientExternalId),
      ),
    ),
    known: await listKnown(
      tx,
      instance.id,
      pushed.map((each) => each.invoice.externalId),
    ),
  }))
  const reads: ReadInvoice[] = []
  const refused: PushAnswer['rejected'] = []
  for (const each of pushed) {
    const id = each.invoice.externalId
    const client = clients.get(each.clientExternalId)
    const before = known.get(id)
    if (!client) refused.push({ id, reason: `Client ${each.clientExternalId} is not known. Push it with its invoice.` })
    else if (before && before.currency !== each.currency)
      refused.push({ id, reason: `The invoice was in ${before.currency} and cannot be in ${each.currency} now.` })
    else reads.push(asRead(each, client))
  }
  return { reads, refused }
}

/** Invoices as they were before a payment that was booked a moment ago: gathered before, pushed after. What the result of the
 *  payment showed stands, and they are asked for once more. */
async function listOutdated(
  deps: ModuleDeps,
  { tenantId, instance }: ModuleCall<PushBody>,
  reads: readonly ReadInvoice[],
): Promise<Set<string>> {
  const young = await deps.store.read(tenantId, (tx) =>
    listJustBooked(
      tx,
      instance.id,
      reads.map((each) => each.externalId),
      deps.scaled(YOUNG_MS),
    ),
  )
  const shows = new Map(reads.map((each) => [each.externalId, each.invoice?.payments.map((row) => row.transid) ?? []]))
  return new Set(
    young.flatMap(({ externalId, transid }) => (shows.get(externalId)?.includes(transid) ? [] : [externalId])),
  )
}

async function knownAmong(
  deps: ModuleDeps,
  { tenantId, instance }: ModuleCall<PushBody>,
  externalIds: string[],
): Promise<ReadInvoice[]> {
  const known = await deps.store.read(tenantId, (tx) => listKnown(tx, instance.id, externalIds))
  return [...known.keys()].map(vanished)
}

const vanished = (externalId: string): ReadInvoice => ({ externalId, invoice: null, startedAt: null, listed: null })

/** Portion by portion, so that a newer full push, or the end of this process, finds everything in order. */
async function closeUnnamed(deps: ModuleDeps, call: ModuleCall<PushBody>, runId: string): Promise<void> {
  const { tenantId, actor, instance } = call
  for (let left = true; left; ) {
    left = await deps.store.change(tenantId, actor, async (tx) => {
      await refuseOldRun(tx, call, runId)
      const { externalIds, named } = await listUnnamed(tx, instance.id, SAVE_ROWS)
      if (externalIds.length === 0) return false
      if (!named) {
        throw new AppError(
          'resource_conflict',
          'The full push named no invoice at all, while open ones are known here. Nothing was closed.',
        )
      }
      await saveInvoices(tx, instance.id, externalIds.map(vanished), instance.mirroredAt !== null)
      return true
    })
  }
}

async function refuseOldRun(tx: TenantTx, { instance }: ModuleCall<PushBody>, runId: string): Promise<void> {
  if (await lockRun(tx, instance.id, runId)) return
  throw new AppError('resource_conflict', 'This full push is not the present one. Begin a new one.', {
    details: [{ field: 'full.id', issue: 'Is not the present full push' }],
  })
}

const byId = <T extends { externalId: string }>(rows: readonly T[]): Map<string, T> =>
  new Map(rows.map((row) => [row.externalId, row]))

function portions<T>(rows: T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / SAVE_ROWS) }, (_, at) =>
    rows.slice(at * SAVE_ROWS, (at + 1) * SAVE_ROWS),
  )
}
