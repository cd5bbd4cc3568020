import { testClock } from '../../src/base/clock.ts'
import { type Id, newId, uuidOf } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import type { Change } from '../../src/events/store.ts'
import { releaseTransfer, takeAsTransfer } from '../../src/reconciliation/index.ts'
import type { ConnectionRef } from '../../src/stripe/deps.ts'
import { upsertRows } from '../../src/stripe/ledger/ledger-queries.ts'
import type { PayoutDeps } from '../../src/stripe/payouts/deps.ts'
import {
  type Cursor,
  type LedgerRow,
  type Page,
  type StripeFeed,
  StripeFeedError,
  type StripePayout,
} from '../../src/stripe/stripe-feed.ts'
import { createTestApp, type TestApp, type TestTenant } from './app.ts'
import { makeAccount } from './factories.ts'

/** A Monday. */
export const NOW = '2026-08-17T12:00:00Z'

/** A program with payouts in it, and a clock that a test turns. */
export interface PayoutApp {
  app: TestApp
  clock: ReturnType<typeof testClock>
  deps: PayoutDeps
  bench(options?: { status?: string; backfilled?: boolean; permissions?: string[] }): Promise<PayoutBench>
}

/** A tenant with a Stripe account whose ledger and payouts a test writes, and a bank account. */
export interface PayoutBench {
  tenant: TestTenant
  ref: ConnectionRef
  account: Id<'acc'>
  stripe: FakeBalance
  /** A line of the bank. */
  line(line: LineOptions): Promise<Id<'txn'>>
  payouts(): Promise<any[]> // oxlint-disable-line typescript/no-explicit-any -- tests look at whatever came
  payout(externalId: string): Promise<any> // oxlint-disable-line typescript/no-explicit-any -- as above
  lineStatus(id: Id<'txn'>): Promise<string>
  /** Bodies of the events of a type, oldest first. */
  events(type: string): Promise<any[]> // oxlint-disable-line typescript/no-explicit-any -- as above
  alerts(): Promise<{ code: string; subject: string; open: boolean; message: string }[]>
  /** Rows that the walk of the ledger has brought. */
  walk(): Promise<void>
  /** How many rows and changes there are: two equal answers mean that nothing was written between. */
  traces(): Promise<Record<string, string>>
}

export interface LineOptions {
  amount: number | string
  text?: string
  name?: string
  reference?: string
  date?: string
  currency?: string
  account?: Id<'acc'>
  direction?: 'credit' | 'debit'
}

let count = 0

export async function createPayoutApp(): Promise<PayoutApp> {
  const clock = testClock(NOW)
  const app = await createTestApp({ clock })
  const deps: PayoutDeps = {
    store: app.store,
    clock,
    scaled: (plannedMs) => plannedMs,
    log: silentLog,
    backfillDays: 30,
    keepRows: (tx: Change, ref, rows) => upsertRows(tx, ref.id, rows),
    lines: { take: takeAsTransfer, release: releaseTransfer },
  }
  return { app, clock, deps, bench: (options) => createBench(app, deps, options) }
}

async function createBench(
  app: TestApp,
  deps: PayoutDeps,
  { status = 'active', backfilled = true, permissions = ['*'] }: Parameters<PayoutApp['bench']>[0] = {},
): Promise<PayoutBench> {
  const tenant = await app.tenant({ permissions })
  const account = await makeAccount(app, tenant)
  const ref = { tenantId: tenant.id, id: newId('strc') }
  const tenantUuid = uuidOf(tenant.id)
  const query = async (text: string, values: unknown[] = []) =>
    (await app.database.pool.query<Record<string, string>>(text, [tenantUuid, ...values])).rows
  await query(
    `insert into stripe_connections (tenant_id, id, kind, account_id, account, livemode, status, backfill_from, backfilled_at, ledger_cursor)
     values ($1, $2, 'restricted_key', $3, $3 || '|live', true, $4, '2026-06-01', $5, 'txn_cursor')`,
    [uuidOf(ref.id), `acct_${(count += 1)}`, status, backfilled ? '2026-08-01' : null],
  )
  const stripe = createFakeBalance()
  const list = async (path: string) => (await tenant.call('GET', path)).body.data
  const bench: PayoutBench = {
    tenant,
    ref,
    account,
    stripe,
    line: async ({
      amount,
      text = '',
      name = '',
      date = '2026-08-17',
      currency = 'EUR',
      direction = 'credit',
      ...more
    }) => {
      const answer = await tenant.call('POST', '/transactions', {
        account_id: more.account ?? account,
        amount,
        currency,
        direction,
        transaction_date: date,
        description: text,
        ...(more.reference === undefined ? {} : { reference: more.reference }),
        counterparty: { name },
      })
      if (answer.status !== 201) throw new Error(`no line: ${JSON.stringify(answer.body)}`)
      return answer.body.id
    },
    payouts: () => list('/payouts?per_page=100&sort=created_at'),
    payout: async (externalId) => {
      const [found] = await list(`/payouts?external_id=${externalId}`)
      if (!found) throw new Error(`no payout ${externalId}`)
      return (await tenant.call('GET', `/payouts/${found.id}`)).body
    },
    lineStatus: async (id) => (await tenant.call('GET', `/transactions/${id}`)).body.match_status,
    events: async (type) => {
      const rows = await query('select body from events where tenant_id = $1 and type = $2 order by id', [type])
      return rows.map((row) => JSON.parse(row.body!).data)
    },
    alerts: async () =>
      (
        await query(
          'select code, subject_id, message, closed_at from alerts where tenant_id = $1 order by opened_at, code',
        )
      ).map((row) => ({
        code: row.code!,
        subject: row.subject_id!,
        open: row.closed_at === null,
        message: row.message!,
      })),
    walk: async () => {
      await deps.store.read(tenant.id, (tx) => upsertRows(tx, ref.id, stripe.ledger))
    },
    traces: async () =>
      (
        await query(
          `select (select count(*) from events where tenant_id = $1) as events, (select count(*) from audit_events where tenant_id = $1) as audits,
                  (select max(updated_at)::text from payouts where tenant_id = $1) as payouts,
                  (select max(updated_at)::text from stripe_ledger where tenant_id = $1) as ledger,
                  (select max(updated_at)::text from transactions where tenant_id = $1) as lines,
                  (select count(*) from alerts where tenant_id = $1) as alerts`,
        )
      )[0]!,
  }
  return bench
}

/** A balance at Stripe: rows of the ledger, payouts and the lists of what they are made of, which a test writes. */
export interface FakeBalance {
  feed: StripeFeed
  calls: string[]
  pageSize: number
  /** Oldest first. */
  ledger: LedgerRow[]
  payouts: StripePayout[]
  /** Ids of rows by payout, as Stripe lists them; the payout's own row among them. */
  lists: Map<string, string[]>
  /** Called before each call; may throw. */
  beforeCall: ((name: string) => void) | undefined
  /** A movement. `net` is what is left of `amount` after `fee`. */
  row(row: Partial<LedgerRow> & { amountMinor: bigint }): LedgerRow
  /** A payout with its own row; `items` makes Stripe list it. */
  pay(payout: Partial<StripePayout> & { amountMinor: bigint; items?: LedgerRow[]; feeMinor?: bigint }): StripePayout
  /** The money comes back. */
  fail(id: string, change?: Partial<StripePayout>): LedgerRow
  change(id: string, change: Partial<StripePayout>): void
}

export function createFakeBalance(): FakeBalance {
  let ids = 0
  const next = (prefix: string): string => `${prefix}_${String((ids += 1)).padStart(6, '0')}`
  const page = <T extends { id: string }>(oldestFirst: readonly T[], cursor: Cursor): Page<T> => {
    const newest = oldestFirst.toReversed()
    const from = cursor.before === undefined ? 0 : newest.findIndex(({ id }) => id === cursor.before) + 1
    if (cursor.before !== undefined && from === 0) throw new StripeFeedError('gone', 'resource_missing', 'No such id')
    const rows = newest.slice(from, from + fake.pageSize)
    return { rows, more: from + rows.length < newest.length, rejected: [] }
  }
  const called = (name: string): void => {
    fake.calls.push(name)
    fake.beforeCall?.(name)
  }
  const feed: Partial<StripeFeed> = {
    listPayouts: async (cursor, { arrivalFrom }) => {
      called('listPayouts')
      return page(
        fake.payouts.filter(({ arrivalOn }) => arrivalOn >= arrivalFrom).map((payout) => ({ ...payout })),
        cursor,
      )
    },
    getPayout: async (id) => {
      called('getPayout')
      const found = fake.payouts.find((payout) => payout.id === id)
      if (!found) throw new StripeFeedError('gone', 'resource_missing', 'No such payout')
      return { ...found }
    },
    listLedger: async (cursor, filter = {}) => {
      called('listLedger')
      if (filter.payoutId === undefined) return page(fake.ledger, cursor)
      const list = fake.lists.get(filter.payoutId)
      if (!list) throw new StripeFeedError('not_itemised', 'not_itemised', 'Only automatic payouts are listed')
      return page(
        fake.ledger.filter(({ id }) => list.includes(id)),
        cursor,
      )
    },
  }
  const fake: FakeBalance = {
    feed: feed as StripeFeed,
    calls: [],
    pageSize: 100,
    ledger: [],
    payouts: [],
    lists: new Map(),
    beforeCall: undefined,
    row: ({ amountMinor, feeMinor = 0n, occurredAt = new Date('2026-08-10T09:00:00Z'), ...more }) => {
      const row: LedgerRow = {
        id: next('txn'),
        type: 'charge',
        category: more.type ?? 'charge',
        amountMinor,
        feeMinor,
        netMinor: amountMinor - feeMinor,
        currency: 'EUR',
        exchangeRate: null,
        sourceId: null,
        chargeId: null,
        status: 'available',
        availableOn: occurredAt.toISOString().slice(0, 10),
        occurredAt,
        description: '',
        feeDetails: [],
        source: {},
        ...more,
      }
      fake.ledger.push(row)
      return row
    },
    pay: ({ amountMinor, items, feeMinor = 0n, ...more }) => {
      const id = more.id ?? next('po')
      const occurredAt = more.occurredAt ?? new Date('2026-08-14T00:10:00Z')
      const own = fake.row({
        type: 'payout',
        amountMinor: -amountMinor,
        feeMinor,
        sourceId: id,
        occurredAt,
        currency: more.currency ?? 'EUR',
      })
      const payout: StripePayout = {
        id,
        balanceTransactionId: own.id,
        failureBalanceTransactionId: null,
        amountMinor,
        currency: 'EUR',
        status: 'paid',
        automatic: items !== undefined,
        method: 'standard',
        toBank: true,
        arrivalOn: '2026-08-17',
        descriptor: '',
        traceId: null,
        destinationLast4: null,
        reconciliationStatus: items === undefined ? 'not_applicable' : 'completed',
        failureCode: null,
        failureMessage: null,
        occurredAt,
        ...more,
      }
      fake.payouts.push(payout)
      if (items) fake.lists.set(id, [...items.map((row) => row.id), own.id])
      return payout
    },
    fail: (id, change = {}) => {
      const payout = fake.payouts.find((one) => one.id === id)!
      const back = fake.row({
        type: 'payout_failure',
        category: 'payout_reversal',
        amountMinor: payout.amountMinor,
        currency: payout.currency,
        sourceId: id,
        occurredAt: new Date(payout.occurredAt.getTime() + 3 * 86_400_000),
      })
      fake.change(id, {
        status: 'failed',
        failureCode: 'account_closed',
        failureMessage: 'The bank account has been closed.',
        failureBalanceTransactionId: back.id,
        ...change,
      })
      return back
    },
    change: (id, change) => {
      Object.assign(fake.payouts.find((payout) => payout.id === id)!, change)
    },
  }
  return fake
}
