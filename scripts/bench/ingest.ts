import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createTenant } from '../../server/src/access/index.ts'
import { addDays } from '../../server/src/base/clock.ts'
import { type Id, newId, type TenantId, uuidOf } from '../../server/src/base/ids.ts'
import { silentLog } from '../../server/src/base/log.ts'
import { readConfig } from '../../server/src/config.ts'
import { systemActor } from '../../server/src/events/audit.ts'
import { buildPayymo, type Payymo } from '../../server/src/main.ts'
import { accountIdentity, keepAccount, type RecordedLine, recordLines } from '../../server/src/transactions/index.ts'
import type { Figure, Measurement } from './figure.ts'

const BATCHES = 20
const BATCH_ROWS = 1000
const actor = systemActor('bench')

/** P4: lines recorded as a bank's are, known ones told apart, each with its event and audit row, against `COPY` of the very same
 *  rows into the same table with the same indexes. */
export const ingest: Measurement = {
  ids: ['P4'],
  floor: 'a quarter of what COPY of the same rows into the same table does',
  run: async (folder): Promise<Figure[]> => {
    Object.assign(process.env, { PAYYMO_DATA_DIR: folder, PORT: '0', PAYYMO_SANDBOX: 'off' })
    const payymo = await buildPayymo(readConfig(), silentLog)
    try {
      const [from, to] = [await tenantWithAccount(payymo, 'from'), await tenantWithAccount(payymo, 'to')]
      const measured = await recordAll(payymo, from)
      const floor = (await copyAll(payymo, folder, from, to)) / 4
      return [{ id: 'P4', what: 'ingest: rows', measured, floor, goal: floor, unit: '/s', better: 'higher' }]
    } finally {
      await payymo.stop()
    }
  },
}

interface Place {
  tenantId: TenantId
  accountId: Id<'acc'>
}

async function tenantWithAccount(payymo: Payymo, slug: string): Promise<Place> {
  const { id: tenantId } = await createTenant(payymo.store, actor, {
    parentId: null,
    slug,
    name: slug,
    kind: 'customer',
    tier: 'standard',
    environment: 'live',
    settings: {},
  })
  const connectionId = newId('bank')
  const { id: accountId } = await payymo.store.read(tenantId, (tx) =>
    keepAccount(tx, payymo.vault, {
      connectionId,
      bankName: 'Bench Bank',
      name: 'Account',
      currency: 'EUR',
      iban: null,
      providerAccountId: null,
      identity: accountIdentity({ iban: null, other: connectionId }, 'EUR'),
      firstSeenOn: '2025-01-01',
    }),
  )
  return { tenantId, accountId }
}

/** Rows per second. Days follow each other, and every batch repeats 50 lines of the one before, as banks do. */
async function recordAll(payymo: Payymo, { tenantId, accountId }: Place): Promise<number> {
  const startedAt = performance.now()
  for (let batch = 0; batch < BATCHES; batch++) {
    const first = batch * BATCH_ROWS - (batch === 0 ? 0 : 50)
    const lines = Array.from({ length: BATCH_ROWS + (batch === 0 ? 0 : 50) }, (_, index) => line(first + index))
    const { created } = await payymo.store.change(tenantId, actor, (tx) =>
      recordLines(tx, accountId, { source: 'bank', lines, covers: null }),
    )
    if (created !== BATCH_ROWS) throw new Error(`${created} of ${BATCH_ROWS} lines were new`)
  }
  return (BATCHES * BATCH_ROWS * 1000) / (performance.now() - startedAt)
}

const line = (n: number): RecordedLine => ({
  status: 'booked',
  amountMinor: BigInt(100 + ((n * 7919) % 1_000_000)),
  currency: 'EUR',
  direction: 'credit',
  bookedOn: addDays('2025-01-01', Math.floor(n / 250)),
  valueOn: null,
  counterpartyIban: null,
  reference: `INV-${n}`,
  description: `Invoice payment INV-${n} thank you`,
  counterpartyName: 'Marlow Hosting',
  externalId: `ext-${n}`,
  aliases: [{ kind: 'internal', value: `internal-${n}` }],
})

/** Rows per second of COPY, from a file that the server itself wrote. */
async function copyAll(payymo: Payymo, folder: string, from: Place, to: Place): Promise<number> {
  const exchange = join(folder, 'exchange')
  mkdirSync(exchange)
  chmodSync(exchange, 0o777)
  const file = join(exchange, 'rows')
  const { pool } = payymo.database
  const { rows } = await pool.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = 'transactions'::regclass and attnum > 0 and not attisdropped
        and attgenerated = '' order by attnum`,
  )
  const names = rows.map(({ name }) => name)
  const values = names.map((name) =>
    name === 'tenant_id' ? `'${uuidOf(to.tenantId)}'` : name === 'account_id' ? `'${uuidOf(to.accountId)}'` : name,
  )
  await pool.query(
    `copy (select ${values.join(', ')} from transactions where tenant_id = '${uuidOf(from.tenantId)}') to '${file}'`,
  )
  const startedAt = performance.now()
  const { rowCount } = await pool.query(`copy transactions (${names.join(', ')}) from '${file}'`)
  return (rowCount! * 1000) / (performance.now() - startedAt)
}
