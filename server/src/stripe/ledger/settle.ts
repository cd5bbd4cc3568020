import type { Id } from '../../base/ids.ts'
import { uuidOf } from '../../base/ids.ts'
import type { TenantTx } from '../../database/transaction.ts'
import { closeAlert } from '../../events/alerts.ts'
import type { Change } from '../../events/store.ts'
import { type Contradiction, type KnownLine, MATCH_JOB, recordKnown } from '../../transactions/index.ts'
import type { StripeDeps } from '../deps.ts'
import { type LedgerAccount, moneyAccount } from './account.ts'
import { type ChargeRow, getCharges, setTransactions, setUnsettled, upsertCharges } from './charge-queries.ts'
import { alertContradiction, closeReturned, CONTRADICTED, tellReturned } from './returned.ts'
import { listReturns, type ReturnRow } from './return-queries.ts'
import { type ChargeFacts, isBack, lineOfCharge, lineOfReturn, type Void } from './to-line.ts'

/** Makes the lines of money of these charges and returns what the rows say: whatever order those came in, and however often, the lines
 *  end the same. `fresh`: charges that were just read; they are stored here, with the lines they became. The caller holds the
 *  connection (`lockAccountOf`) and has stored all other rows. Returns the charges that are known. */
export async function settle(
  tx: Change,
  deps: Pick<StripeDeps, 'vault'>,
  account: LedgerAccount,
  wanted: { chargeIds: Iterable<string>; returnIds: Iterable<string>; fresh?: readonly ChargeRow[] },
): Promise<ReadonlySet<string>> {
  const returnIds = new Set(wanted.returnIds)
  const named = [...new Set(wanted.chargeIds)]
  const fresh = new Map((wanted.fresh ?? []).map((row) => [row.id, row]))
  if (named.length + returnIds.size === 0) {
    await upsertCharges(tx, account.id, [...fresh.values()])
    return new Set(fresh.keys())
  }
  const returns = await listReturns(tx, account.id, { ids: [...returnIds], chargeIds: named })
  const chargeIds = [...new Set([...named, ...returns.map((row) => row.chargeId)])]
  // Of the charges that came with their returns only now, the other returns count too.
  const all = chargeIds.length > named.length ? await listReturns(tx, account.id, { ids: [], chargeIds }) : returns
  const stored = await getCharges(
    tx,
    account.id,
    chargeIds.filter((id) => !fresh.has(id)),
  )
  const charges = new Map([
    ...stored,
    ...chargeIds.flatMap((id) => (fresh.has(id) ? [[id, fresh.get(id)!] as const] : [])),
  ])
  const facts = await factsOf(tx, account.id, chargeIds, all)
  const causes = new Map<string, Void | null>()
  const lines: KnownLine[] = []
  for (const charge of charges.values()) {
    const found = lineOfCharge(charge, facts.get(charge.id)!)
    if (!found) continue
    causes.set(charge.id, found.cause)
    lines.push(found.line)
  }
  for (const row of all) {
    const line = lineOfReturn(row, charges.get(row.chargeId))
    if (line) lines.push(line)
  }
  const { ids, contradictions } = await record(tx, deps, account, lines)
  await upsertCharges(
    tx,
    account.id,
    [...fresh.values()].map((row) => ({ ...row, transactionId: ids.get(row.id) ?? row.transactionId })),
  )
  await link(tx, account, 'stripe_charges', [...stored.values()], ids)
  await link(tx, account, 'stripe_returns', all, ids)
  for (const one of contradictions) {
    const cause = causes.get(one.line.externalId)
    // Money that went back is told by the refund or the dispute itself.
    if (cause !== 'returned') await alertContradiction(tx, one)
  }
  await markUnsettled(
    tx,
    account,
    charges,
    contradictions.map(({ line }) => line.externalId).filter((id) => charges.has(id)),
  )
  await closeReturned(tx, all.filter(isBack))
  if (all.length > 0) await tellReturned(tx, account.id, chargeIds)
  return new Set(charges.keys())
}

/** Charges whose decision Stripe contradicts are looked at again after each reading; of those it does so no more the alert goes. */
async function markUnsettled(
  tx: Change,
  account: LedgerAccount,
  charges: ReadonlyMap<string, ChargeRow>,
  unsettled: readonly string[],
): Promise<void> {
  const over = [...charges.values()].filter((row) => row.unsettled && !unsettled.includes(row.id))
  if (over.length + unsettled.length === 0) return
  await setUnsettled(tx, account.id, [...over.map((row) => row.id), ...unsettled], unsettled)
  for (const row of over) if (row.transactionId !== null) await closeAlert(tx, CONTRADICTED, row.transactionId)
}

/** Lines by currency, each on the account of its own. Returns their ids by those of Stripe. */
async function record(
  tx: Change,
  deps: Pick<StripeDeps, 'vault'>,
  account: LedgerAccount,
  lines: readonly KnownLine[],
): Promise<{ ids: Map<string, Id<'txn'>>; contradictions: Contradiction[] }> {
  const ids = new Map<string, Id<'txn'>>()
  const contradictions: Contradiction[] = []
  for (const currency of [...new Set(lines.map((line) => line.currency))].sort()) {
    const accountId = await moneyAccount(tx, deps, account, currency)
    const some = lines.filter((line) => line.currency === currency)
    const outcome = await recordKnown(tx, accountId, 'stripe', some)
    for (const [externalId, id] of outcome.ids) ids.set(externalId, id)
    contradictions.push(...outcome.contradictions)
    if (outcome.matchable) tx.job(MATCH_JOB, {}, { onlyOne: tx.tenantId })
  }
  return { ids, contradictions }
}

/** Rows that became a line only now. */
const link = (
  tx: TenantTx,
  account: LedgerAccount,
  table: 'stripe_charges' | 'stripe_returns',
  rows: readonly { id: string; transactionId: Id<'txn'> | null }[],
  ids: ReadonlyMap<string, Id<'txn'>>,
): Promise<void> =>
  setTransactions(
    tx,
    table,
    account.id,
    new Map(rows.flatMap((row) => (row.transactionId === null && ids.has(row.id) ? [[row.id, ids.get(row.id)!]] : []))),
  )

async function factsOf(
  tx: TenantTx,
  id: Id<'strc'>,
  chargeIds: readonly string[],
  returns: readonly ReturnRow[],
): Promise<Map<string, ChargeFacts>> {
  const rows = await tx.many<{ charge_id: string; external_id: string; category: string; available_on: string | null }>(
    `select charge_id, external_id, category, available_on::text as available_on from stripe_ledger
      where tenant_id = $1 and connection_id = $2 and charge_id = any($3) and category in ('charge', 'charge_failure')
      order by external_id`,
    [tx.tenantUuid, uuidOf(id), [...chargeIds]],
  )
  return new Map(
    chargeIds.map((chargeId) => {
      const own = rows.filter((row) => row.charge_id === chargeId)
      const booked = own.filter((row) => row.category === 'charge')
      return [
        chargeId,
        {
          booked: booked.length > 0,
          availableOn: booked[0]?.available_on ?? null,
          ledgerIds: booked.map((row) => row.external_id),
          unpaid: own.some((row) => row.category === 'charge_failure'),
          returns: returns.filter((row) => row.chargeId === chargeId),
        },
      ]
    }),
  )
}
