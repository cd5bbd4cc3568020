import type { Desk, TruthPayout } from '../../../sandbox/src/stripe/index.ts'
import { formatAmount } from '../../src/base/money.ts'
import type { Check } from './check-invariants.ts'
import { compareLedger } from './stripe-compare-ledger.ts'
import { compareLines } from './stripe-compare-lines.ts'
import type { StripeStage } from './stripe-stage.ts'

export interface CompareOptions {
  /** The ledger is not walked: what no event tells of may lack, and so payouts by hand may be unexplained. Nothing may be wrong. */
  eventsOnly?: boolean
}

/** What the API shows of a payout, as far as the suite looks. */
interface ShownPayout {
  id: string
  external_id: string
  amount: number
  currency: string
  status: string
  automatic: boolean
  arrival_date: string
  bank_transaction_id: string | null
  bank_candidates: string[]
  returned_transaction_ids: string[]
  explained: { complete: boolean; items_total: number; fees_total: number; difference: number; composition: string }
}

interface ShownItem {
  id: string
  type: string
  category: string
  amount: number
  fee: number
  net: number
  currency: string
  source_id: string | null
  charge_id: string | null
}

/** Everything that the program knows of the account, beside the truth. */
export async function compareWithTruth(stage: StripeStage, options: CompareOptions = {}): Promise<Check[]> {
  const truth = stage.desk.truth()
  const payouts = new Map((await list<ShownPayout>(stage, '/payouts')).map((one) => [one.external_id, one]))
  return [
    ...(await compareLedger(stage, options)),
    ...(await compareLines(stage, await list(stage, '/transactions?source=stripe'), truth)),
    { name: 'every payout with its amount, state and day', faults: payoutFaults(truth.payouts, payouts) },
    {
      name: 'every payout is made of exactly its rows',
      faults: await itemFaults(stage, truth.payouts, payouts, options),
    },
    { name: 'bank lines are transfers of exactly their payouts', faults: await bankFaults(stage, payouts) },
    { name: 'nothing calls for a person that should not', faults: await alertFaults(stage) },
    { name: 'nothing went wrong in the log', faults: stage.log.filter(isFault) },
  ]
}

/** On a busy machine locks and statements run out of time; what they were for is tried again, and must come out right. */
const isFault = (line: string): boolean => line.includes('"level":"error"') && !/"code":"(55P03|57014)"/.test(line)

/** A list to its end. */
export async function list<T>(stage: StripeStage, path: string): Promise<T[]> {
  const found: T[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = (await stage.call(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}per_page=100${cursor && `&cursor=${cursor}`}`,
    )) as { data: T[]; pagination: { next_cursor: string | null } }
    found.push(...page.data)
    cursor = page.pagination.next_cursor
  }
  return found
}

/** As JSON numbers show it. */
export const shownAmount = (minor: bigint, currency: string): number =>
  Number(formatAmount(minor, currency.toUpperCase()))

function payoutFaults(truth: readonly TruthPayout[], shown: ReadonlyMap<string, ShownPayout>): string[] {
  const faults = [...shown.keys()].filter((id) => !truth.some((one) => one.id === id)).map((id) => `${id} is nobody's`)
  for (const one of truth) {
    const ours = shown.get(one.id)
    const wanted = [
      shownAmount(one.amountMinor, one.currency),
      one.currency.toUpperCase(),
      one.status,
      one.automatic,
      `${one.arrivalOn}T00:00:00Z`,
    ]
    const is = ours && [ours.amount, ours.currency, ours.status, ours.automatic, ours.arrival_date]
    if (JSON.stringify(is) !== JSON.stringify(wanted))
      faults.push(`${one.id}: ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`)
  }
  return faults
}

async function itemFaults(
  stage: StripeStage,
  truth: readonly TruthPayout[],
  shown: ReadonlyMap<string, ShownPayout>,
  { eventsOnly = false }: CompareOptions,
): Promise<string[]> {
  const faults: string[] = []
  for (const one of truth) {
    const ours = shown.get(one.id)
    if (!ours) continue
    const { complete, composition, difference } = ours.explained
    const allowed = compositionsOf(stage.desk, one, eventsOnly)
    if (!allowed.includes(composition)) faults.push(`${one.id} (${one.known}) is ${composition}`)
    if (composition === 'itemised' && (!complete || difference !== 0))
      faults.push(`${one.id} is not complete: ${JSON.stringify(ours.explained)}`)
    if (!complete) continue
    if (one.items === null) {
      faults.push(`${one.id} is explained, which nobody can`)
      continue
    }
    const items = await list<ShownItem>(stage, `/payouts/${ours.id}/items`)
    const money = (minor: bigint): number => shownAmount(minor, one.currency)
    const is = items.map((row) =>
      [row.id, row.type, row.category, row.amount, row.fee, row.net, row.currency, row.source_id, row.charge_id].join(
        ' ',
      ),
    )
    const wanted = one.items.map((row) =>
      [
        row.id,
        row.type,
        row.reportingCategory,
        money(row.amountMinor),
        money(row.feeMinor),
        money(row.netMinor),
        row.currency.toUpperCase(),
        row.source,
        row.charge,
      ].join(' '),
    )
    faults.push(...differences(is, wanted).map((text) => `${one.id}: ${text}`))
    const own = stage.desk.book.transactions.get(stage.desk.book.payouts.get(one.id)!.balance_transaction)!
    const total = one.items.reduce((sum, row) => sum + row.amountMinor, 0n)
    const fees = one.items.reduce((sum, row) => sum + row.feeMinor, own.fee)
    if (ours.explained.items_total !== money(total) || ours.explained.fees_total !== money(fees) || difference !== 0)
      faults.push(`${one.id}: ${JSON.stringify(ours.explained)}, not ${money(total)} and ${money(fees)}`)
  }
  return faults
}

/** What may be said of the payout. A list that Stripe has not finished is believed only where it adds up. */
function compositionsOf(desk: Desk, { id, known }: TruthPayout, eventsOnly: boolean): string[] {
  if (known === 'open') return ['unexplained', ...(eventsOnly ? ['open'] : [])]
  if (known !== 'listed') return ['deduced', ...(eventsOnly ? ['open', 'unexplained'] : [])]
  const { reconciliation_status } = desk.book.payouts.get(id)!
  return reconciliation_status === 'completed' ? ['itemised'] : ['open', 'itemised']
}

/** Texts that stand on one side only. */
export function differences(is: readonly string[], wanted: readonly string[]): string[] {
  const [ours, theirs] = [new Set(is), new Set(wanted)]
  return [
    ...(is.length === ours.size ? [] : ['something stands there twice']),
    ...is.filter((text) => !theirs.has(text)).map((text) => `should not be: ${text}`),
    ...wanted.filter((text) => !ours.has(text)).map((text) => `lacks: ${text}`),
  ]
}

/** A line that could be another's is a person's to decide, and named as what it may be. */
async function bankFaults(stage: StripeStage, shown: ReadonlyMap<string, ShownPayout>): Promise<string[]> {
  const { rows } = await stage.pool.query<{ id: string; external_id: string; match_status: string }>(
    `select id, external_id, match_status from transactions where source = 'api'`,
  )
  const states = new Map(rows.map((row) => [row.external_id, row.match_status]))
  const owners = new Map(
    [...shown.values()].flatMap((payout) =>
      [payout.bank_transaction_id, ...payout.returned_transaction_ids]
        .filter((id) => id !== null)
        .map((id) => [id, payout.external_id] as const),
    ),
  )
  const faults: string[] = []
  let open = 0
  const { bankLines } = stage.desk.truth()
  for (const line of bankLines) {
    const id = stage.lines.get(line.key)
    if (id === undefined) continue
    const owner = owners.get(id)
    const state = states.get(line.key)
    if (owner !== undefined && (owner !== line.payout || state !== 'transfer'))
      faults.push(`${line.key} is ${state} of ${owner}`)
    if (owner !== undefined) continue
    open += 1
    if (state !== 'unmatched') faults.push(`${line.key} is ${state} of nobody`)
    const payout = shown.get(line.payout)!
    if (payout.status !== 'failed' && !payout.bank_candidates.includes(id))
      faults.push(`${line.key} of ${line.day} (${line.text}) is not found, nor suggested, for ${line.payout}`)
  }
  if (open * 10 > bankLines.length) faults.push(`${open} of ${bankLines.length} lines wait for a person`)
  return faults
}

/** What the merchant's story gives reason for. */
const EXPECTED: ReadonlySet<string> = new Set(['payout_not_found', 'bank_line_without_payout', 'payout_failed'])

async function alertFaults(stage: StripeStage): Promise<string[]> {
  const { rows } = await stage.pool.query<{ code: string; message: string }>(
    'select code, message from alerts where closed_at is null',
  )
  return rows.filter(({ code }) => !EXPECTED.has(code)).map(({ code, message }) => `${code}: ${message}`)
}
