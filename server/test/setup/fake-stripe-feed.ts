import type {
  Cursor,
  LedgerRow,
  Page,
  StripeCharge,
  StripeEvent,
  StripeFeed,
  StripeId,
  StripePayout,
  StripeReturn,
  Surroundings,
} from '../../src/stripe/stripe-feed.ts'
import { StripeFeedError } from '../../src/stripe/stripe-feed.ts'

/** A row of the ledger as it lies at Stripe: what came along with it is looked up when somebody reads it. */
type StoredRow = Omit<LedgerRow, 'source'>

/** Stripe in memory, for one account: things happen to it (`charge`, `refund`, …), and a feed reads what is there by then, as the real
 *  one does: newest first, cursors are ids, an unknown one is `gone`. */
export interface FakeFeed {
  feed: StripeFeed
  /** Names of the calls made, in order. */
  calls: string[]
  /** Before each call; may throw a StripeFeedError, or wait. */
  beforeCall: ((name: string, count: number) => void | Promise<void>) | undefined
  pageSize: number
  /** Oldest first. */
  ledger: StoredRow[]
  charges: Map<StripeId, StripeCharge>
  returns: Map<StripeId, StripeReturn>
  payouts: Map<StripeId, StripePayout>
  events: StripeEvent[]
  around: Map<StripeId, Surroundings>
  /** The time of what happens next; each happening moves it on by a second. */
  now: Date
  charge(change?: Partial<StripeCharge> & { feeMinor?: bigint }): StripeCharge
  /** A pending or authorised charge becomes money; of an authorisation perhaps less than was authorised. */
  succeed(id: StripeId, capturedMinor?: bigint): void
  fail(id: StripeId, why?: string): void
  lapse(id: StripeId): void
  refund(id: StripeId, amountMinor: bigint, change?: Partial<StripeReturn>): StripeReturn
  failRefund(id: StripeId): void
  dispute(id: StripeId, change?: Partial<StripeReturn>): StripeReturn
  win(id: StripeId): void
  /** A row that belongs to no charge, such as a fee. */
  row(row: Partial<StoredRow> & Pick<StoredRow, 'type' | 'category' | 'amountMinor'>): StoredRow
}

const NOTHING_AROUND: Surroundings = {
  paymentIntentMetadata: {},
  paymentIntentDescription: '',
  sessions: [],
  customerMetadata: {},
  customerEmail: '',
  customerName: '',
}

/** Everything is in `livemode` and EUR unless said otherwise. */
export function createFakeFeed(options: { livemode?: boolean; pageSize?: number; start?: string } = {}): FakeFeed {
  let count = 0
  const next = (prefix: string): string => `${prefix}_${String((count += 1)).padStart(8, '0')}`
  const tick = (): Date => {
    fake.now = new Date(fake.now.getTime() + 1_000)
    return fake.now
  }
  const called = async (name: string): Promise<void> => {
    fake.calls.push(name)
    await fake.beforeCall?.(name, fake.calls.length)
  }

  const shown = (row: StoredRow): LedgerRow => {
    const charge = row.sourceId === null ? undefined : fake.charges.get(row.sourceId)
    const returned = row.sourceId === null ? undefined : fake.returns.get(row.sourceId)
    const payout = row.sourceId === null ? undefined : fake.payouts.get(row.sourceId)
    return {
      ...row,
      source: {
        ...(charge ? { charge: { ...charge } } : {}),
        ...(returned?.kind === 'refund' ? { refund: { ...returned } } : {}),
        ...(returned?.kind === 'dispute' ? { dispute: { ...returned } } : {}),
        ...(payout ? { payout: { ...payout } } : {}),
      },
    }
  }

  const page = <T extends { id: string }>(oldestFirst: readonly T[], cursor: Cursor): Page<T> => {
    const newest = oldestFirst.toReversed()
    const at = cursor.before ?? cursor.after
    const place = at === undefined ? -1 : newest.findIndex((one) => one.id === at)
    if (at !== undefined && place < 0) throw new StripeFeedError('gone', 'resource_missing', `No such object: '${at}'`)
    if (cursor.after !== undefined) {
      const from = Math.max(0, place - fake.pageSize)
      return { rows: newest.slice(from, place), more: from > 0, rejected: [] }
    }
    const rows = newest.slice(place + 1, place + 1 + fake.pageSize)
    return { rows, more: place + 1 + rows.length < newest.length, rejected: [] }
  }

  const required = <T>(map: Map<StripeId, T>, id: StripeId): T => {
    const found = map.get(id)
    if (found === undefined) throw new StripeFeedError('gone', 'resource_missing', `No such object: '${id}'`)
    return found
  }

  const book = (
    row: Partial<StoredRow> & Pick<StoredRow, 'type' | 'category' | 'amountMinor'>,
    feeMinor = 0n,
  ): StoredRow => {
    const occurredAt = row.occurredAt ?? tick()
    const stored: StoredRow = {
      id: next('txn'),
      feeMinor,
      netMinor: row.amountMinor - feeMinor,
      currency: 'EUR',
      exchangeRate: null,
      sourceId: null,
      chargeId: null,
      status: 'pending',
      availableOn: new Date(occurredAt.getTime() + 2 * 86_400_000).toISOString().slice(0, 10),
      occurredAt,
      description: '',
      feeDetails: [],
      ...row,
    }
    fake.ledger.push(stored)
    return stored
  }

  const bookCharge = (charge: StripeCharge, amountMinor: bigint, feeMinor: bigint): void => {
    const type = charge.method === 'card' ? 'charge' : 'payment'
    const row = book(
      { type, category: 'charge', amountMinor, currency: charge.currency, sourceId: charge.id, chargeId: charge.id },
      feeMinor,
    )
    charge.balanceTransactionId = row.id
  }

  const feed: StripeFeed = {
    getAccount: async () => {
      await called('getAccount')
      return {
        id: 'acct_fake',
        name: 'Northbyte',
        country: 'DE',
        defaultCurrency: 'EUR',
        chargesEnabled: true,
        payoutsEnabled: true,
        payoutInterval: 'daily',
      }
    },
    listLedger: async (cursor, filter = {}) => {
      await called('listLedger')
      const rows = fake.ledger.filter((row) => filter.createdFrom === undefined || row.occurredAt >= filter.createdFrom)
      const found = page(rows, cursor)
      return { ...found, rows: found.rows.map(shown) }
    },
    getLedgerRow: async (id) => {
      await called('getLedgerRow')
      return shown(required(new Map(fake.ledger.map((row) => [row.id, row])), id))
    },
    listCharges: async (cursor, { createdFrom }) => {
      await called('listCharges')
      const found = page(
        [...fake.charges.values()].filter((charge) => charge.occurredAt >= createdFrom),
        cursor,
      )
      return { ...found, rows: found.rows.map((charge) => ({ ...charge })) }
    },
    getCharge: async (id) => {
      await called('getCharge')
      return { ...required(fake.charges, id) }
    },
    findChargeOf: async (paymentIntentId) => {
      await called('findChargeOf')
      const found = [...fake.charges.values()].filter((charge) => charge.paymentIntentId === paymentIntentId).at(-1)
      return found && { ...found }
    },
    lookAround: async (charge) => {
      await called('lookAround')
      return fake.around.get(charge.id) ?? NOTHING_AROUND
    },
    getRefund: async (id) => {
      await called('getRefund')
      return { ...required(fake.returns, id) }
    },
    getDispute: async (id) => {
      await called('getDispute')
      return { ...required(fake.returns, id) }
    },
    listPayouts: async (cursor, { arrivalFrom }) => {
      await called('listPayouts')
      const found = page(
        [...fake.payouts.values()].filter((payout) => payout.arrivalOn >= arrivalFrom),
        cursor,
      )
      return { ...found, rows: found.rows.map((payout) => ({ ...payout })) }
    },
    getPayout: async (id) => {
      await called('getPayout')
      return { ...required(fake.payouts, id) }
    },
    listEvents: async (cursor, { createdFrom }) => {
      await called('listEvents')
      return page(
        fake.events.filter((event) => event.occurredAt >= createdFrom),
        cursor,
      )
    },
  }

  const fake: FakeFeed = {
    feed,
    calls: [],
    beforeCall: undefined,
    pageSize: options.pageSize ?? 100,
    ledger: [],
    charges: new Map(),
    returns: new Map(),
    payouts: new Map(),
    events: [],
    around: new Map(),
    now: new Date(options.start ?? '2026-10-01T08:00:00Z'),
    charge: ({ feeMinor = 25n, ...change } = {}) => {
      const occurredAt = tick()
      const amountMinor = change.amountMinor ?? 12_100n
      const status = change.status ?? 'succeeded'
      const captured = change.captured ?? status !== 'failed'
      const charge: StripeCharge = {
        id: next('ch'),
        paymentIntentId: next('pi'),
        customerId: next('cus'),
        balanceTransactionId: null,
        failureBalanceTransactionId: null,
        amountMinor,
        capturedMinor: captured ? amountMinor : 0n,
        refundedMinor: 0n,
        currency: 'EUR',
        status,
        captured,
        disputed: false,
        occurredAt,
        payerName: 'Alma Berg',
        payerEmail: 'alma@berg.example',
        description: '',
        descriptor: '',
        method: 'card',
        failure: null,
        metadata: {},
        livemode: options.livemode ?? true,
        ...change,
      }
      fake.charges.set(charge.id, charge)
      // A delayed method stands in the ledger while it is pending; an authorisation and a failure do not.
      if (captured && status !== 'failed') bookCharge(charge, amountMinor, feeMinor)
      return charge
    },
    succeed: (id, capturedMinor) => {
      const charge = required(fake.charges, id)
      const wasCaptured = charge.captured
      charge.status = 'succeeded'
      charge.captured = true
      charge.capturedMinor = capturedMinor ?? charge.amountMinor
      if (wasCaptured) return
      bookCharge(charge, charge.amountMinor, 25n)
      const restMinor = charge.amountMinor - charge.capturedMinor
      if (restMinor === 0n) return
      // The rest of the authorisation: a row of type `refund` that is none.
      charge.refundedMinor = restMinor
      const rest = { ...returnOf(charge, 'refund', restMinor), final: true }
      fake.returns.set(rest.id, rest)
      const row = book({
        type: 'refund',
        category: 'partial_capture_reversal',
        amountMinor: -restMinor,
        currency: charge.currency,
        sourceId: rest.id,
        chargeId: charge.id,
      })
      rest.ledgerIds = [row.id]
    },
    fail: (id, why = 'Insufficient funds') => {
      const charge = required(fake.charges, id)
      charge.status = 'failed'
      charge.failure = why
      if (charge.balanceTransactionId === null) return
      const row = book({
        type: 'payment_failure_refund',
        category: 'charge_failure',
        amountMinor: -charge.amountMinor,
        currency: charge.currency,
        sourceId: charge.id,
        chargeId: charge.id,
      })
      charge.failureBalanceTransactionId = row.id
    },
    lapse: (id) => {
      const charge = required(fake.charges, id)
      charge.refundedMinor = charge.amountMinor
    },
    refund: (id, amountMinor, change = {}) => {
      const charge = required(fake.charges, id)
      charge.refundedMinor += amountMinor
      const refund = { ...returnOf(charge, 'refund', amountMinor), ...change }
      fake.returns.set(refund.id, refund)
      const row = book({
        type: 'refund',
        category: 'refund',
        amountMinor: -amountMinor,
        currency: charge.currency,
        sourceId: refund.id,
        chargeId: charge.id,
      })
      refund.ledgerIds = [row.id]
      return refund
    },
    failRefund: (id) => {
      const refund = required(fake.returns, id)
      refund.status = 'failed'
      required(fake.charges, refund.chargeId).refundedMinor -= refund.amountMinor
      const row = book({
        type: 'refund_failure',
        category: 'refund_failure',
        amountMinor: refund.amountMinor,
        currency: refund.currency,
        sourceId: refund.id,
        chargeId: refund.chargeId,
      })
      refund.ledgerIds = [...refund.ledgerIds, row.id]
    },
    dispute: (id, change = {}) => {
      const charge = required(fake.charges, id)
      charge.disputed = true
      const dispute = {
        ...returnOf(charge, 'dispute', charge.capturedMinor),
        status: 'needs_response',
        reason: 'fraudulent',
        final: false,
        ...change,
      }
      fake.returns.set(dispute.id, dispute)
      if (dispute.status.startsWith('warning')) return dispute
      const row = book(
        {
          type: 'adjustment',
          category: 'dispute',
          amountMinor: -dispute.amountMinor,
          currency: charge.currency,
          sourceId: dispute.id,
          chargeId: charge.id,
        },
        2_000n,
      )
      dispute.ledgerIds = [row.id]
      return dispute
    },
    win: (id) => {
      const dispute = required(fake.returns, id)
      dispute.status = 'won'
      dispute.final = true
      const row = book({
        type: 'adjustment',
        category: 'dispute_reversal',
        amountMinor: dispute.amountMinor,
        currency: dispute.currency,
        sourceId: dispute.id,
        chargeId: dispute.chargeId,
      })
      dispute.ledgerIds = [...dispute.ledgerIds, row.id]
    },
    row: (row) => book(row),
  }

  const returnOf = (charge: StripeCharge, kind: StripeReturn['kind'], amountMinor: bigint): StripeReturn => ({
    id: next(kind === 'refund' ? 're' : 'du'),
    kind,
    chargeId: charge.id,
    amountMinor,
    currency: charge.currency,
    status: 'succeeded',
    reason: null,
    final: true,
    occurredAt: tick(),
    ledgerIds: [],
  })
  return fake
}
