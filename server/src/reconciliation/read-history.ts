import { getInvoices, getPayment } from '../billing/index.ts'
import type { TenantTx } from '../database/transaction.ts'
import type { AlertRow } from '../events/alerts.ts'
import type { TransactionRow } from '../transactions/index.ts'
import {
  type HistoryAudit,
  listAlertsOf,
  listAuditsOf,
  listGatewaysOf,
  listMatchesOf,
  listNotes,
} from './history-queries.ts'
import { type HistoryPayment, historyText } from './history-text.ts'
import type { MatchRow } from './queries.ts'

/** One thing that happened to a line, or to what was made of it. */
export interface HistoryEntry {
  /** Of the audit row or the alert that tells of it. */
  id: string
  at: Date
  action: string
  text: string
  /** Null for what nobody did: an alert. */
  actor: HistoryAudit['actor'] | null
  resource: { type: string; id: string }
  /** The match that the entry is about. */
  match: MatchRow | null
  payment: HistoryPayment | null
  /** Of a match that was recognised: the gateway that recorded the money, as the billing system calls it. */
  gateway: string | null
  changes: Record<string, unknown> | null
}

/** Nobody reads more of one line; beyond it the oldest are told. */
const MATCHES_MAX = 200
const ROWS_MAX = 2_000

/** Everything that happened to the line, oldest first: recorded, proposed, decided and by whom, booked, taken back, noted, and what
 *  people were told to look at. From the audit trail and the alerts; what a match or a payment is about comes from its row. */
export async function readHistory(tx: TenantTx, line: TransactionRow): Promise<HistoryEntry[]> {
  const matches = await listMatchesOf(tx, line.id, MATCHES_MAX)
  const payments = await paymentsOf(tx, matches)
  // Money of Stripe is recorded by a gateway, not by hand.
  const gateways = line.source === 'stripe' ? await listGatewaysOf(tx, matches) : undefined
  const ids = [line.id, ...matches.map(({ id }) => id), ...payments.keys()]
  const audits = await listAuditsOf(tx, ids, ROWS_MAX)
  const notes = notesByMoment(await listNotes(tx, line.id, ROWS_MAX))
  const byId = new Map<string, MatchRow>(matches.map((match) => [match.id, match]))
  const entries = audits.map((audit): HistoryEntry & { order: bigint } => {
    const match = byId.get(audit.resource.id)
    const payment = payments.get(audit.resource.id)
    const gateway = gateways && match && (gateways.get(match.id) ?? '')
    const note = audit.action === 'transaction.change' ? notes.get(audit.at.getTime()) : undefined
    return {
      id: audit.id,
      at: audit.at,
      order: audit.sequence,
      action: audit.action,
      text: historyText(audit, { match, payment, note, gateway }),
      actor: audit.actor,
      resource: audit.resource,
      match: match ?? null,
      payment: payment ?? null,
      gateway: audit.action === 'match.already_booked' ? (gateway ?? null) : null,
      changes: note === undefined ? audit.changes : withNote(audit.changes, note),
    }
  })
  // What was told at the same moment follows from what was done.
  const told = (await listAlertsOf(tx, ids, ROWS_MAX)).map((alert) => ({ ...toldOf(alert), order: AFTER }))
  const known = entries.some(({ action, resource }) => action === 'transaction.create' && resource.id === line.id)
  const all = [...(known ? [] : [recordedOf(line)]), ...entries, ...told]
  return all
    .toSorted(
      (one, other) =>
        one.at.getTime() - other.at.getTime() || (one.order < other.order ? -1 : one.order > other.order ? 1 : 0),
    )
    .map(({ order: _order, ...entry }) => entry)
}

const AFTER = 2n ** 63n

async function paymentsOf(tx: TenantTx, matches: readonly MatchRow[]): Promise<Map<string, HistoryPayment>> {
  const payments = new Map<string, HistoryPayment>()
  const numbers = new Map<string, string>()
  const invoices = [...new Set(matches.flatMap(({ allocations }) => allocations.map(({ invoiceId }) => invoiceId)))]
  for (const row of await getInvoices(tx, invoices)) numbers.set(row.id, row.number || row.externalId)
  for (const id of matches.flatMap(({ paymentIds }) => paymentIds)) {
    const row = await getPayment(tx, id)
    if (!row) continue
    const { invoiceId, amountMinor, currency, transid } = row
    payments.set(id, { invoiceId, invoiceNumber: numbers.get(invoiceId) ?? '', amountMinor, currency, transid })
  }
  return payments
}

/** Which changes wrote a note, and what it said. */
function notesByMoment(states: readonly { at: Date; note: string | null }[]): Map<number, string | null> {
  const changed = new Map<number, string | null>()
  let last: string | null = null
  for (const { at, note } of states) {
    if (note !== last) changed.set(at.getTime(), note)
    last = note
  }
  return changed
}

const withNote = (changes: Record<string, unknown> | null, note: string | null): Record<string, unknown> => ({
  ...changes,
  after: { ...(changes?.after as object | undefined), note },
})

const toldOf = (alert: AlertRow): HistoryEntry => ({
  id: alert.id,
  at: alert.openedAt,
  action: 'alert.open',
  text: alert.message,
  actor: null,
  resource: { type: 'alert', id: alert.id },
  match: null,
  payment: null,
  gateway: null,
  changes: { after: { code: alert.code, severity: alert.severity, about: alert.subject } },
})

/** Of a line that was recorded without a row in the trail. */
const recordedOf = (line: TransactionRow): HistoryEntry & { order: bigint } => ({
  id: line.id,
  at: line.createdAt,
  order: 0n,
  action: 'transaction.create',
  text: historyText({ action: 'transaction.create', changes: { after: { source: line.source } }, actor: NOBODY }, {}),
  actor: null,
  resource: { type: 'transaction', id: line.id },
  match: null,
  payment: null,
  gateway: null,
  changes: { after: { source: line.source } },
})

const NOBODY = { type: 'system', id: '', name: '' }
