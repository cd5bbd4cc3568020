import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type LedgerTruth,
  SANDBOX_PLATFORM,
  seedLedger,
  startStripe,
  type StripeServer,
  type TruthCharge,
} from '../../../../sandbox/src/stripe/index.ts'
import { type Connected, createLedgerBench, type LedgerBench } from '../../../test/setup/factories-stripe-ledger.ts'
import { testClock } from '../../base/clock.ts'
import { uuidOf } from '../../base/ids.ts'
import { Secret } from '../../base/secret.ts'
import { createOutbound, type Outbound } from '../../outbound/index.ts'
import { createStripeFeed } from '../api/index.ts'
import type { StripeFeed } from '../stripe-feed.ts'
import { lookAroundNameless, walkCharges, walkLedger } from './index.ts'

/** A merchant's month at the simulator, whose truth is known: sales in three currencies by all gateways, with all that becomes of
 *  them, read by the real client. */
const NOW = '2026-11-26T12:00:00Z'
const ACCOUNT = 'acct_1Truth'
const WEEK_S = 7 * 86_400
let bench: LedgerBench
let stripe: StripeServer
let outbound: Outbound
let own: Connected
let feed: StripeFeed
let truth: LedgerTruth
interface Line {
  external_id: string
  direction: 'credit' | 'debit'
  amount_minor: string
  currency: string
  status: string
  reference: string
}
let lines: Map<string, Line>

beforeAll(async () => {
  const clock = testClock(NOW)
  bench = await createLedgerBench({ clock, backfillDays: 60 })
  stripe = await startStripe({
    now: NOW,
    frozen: true,
    merchants: [
      {
        id: ACCOUNT,
        history: {
          test: (book, now) => {
            truth = seedLedger(book, now, { charges: 700, days: 30, events: false })
          },
        },
      },
    ],
  })
  stripe.control.connect(ACCOUNT)
  outbound = createOutbound({ allowedPrivateHosts: [new URL(stripe.url).host] })
  feed = createStripeFeed({
    outbound,
    clock,
    apiUrl: stripe.url,
    access: { kind: 'connect_oauth', secretKey: new Secret(SANDBOX_PLATFORM.secretKeys.test), accountId: ACCOUNT },
    pace: { turn: () => Promise.resolve(0) },
    onRead: () => {},
  })
  own = await bench.connect()
  await bench.rows('update stripe_connections set livemode = false where id = $1', [uuidOf(own.ref.id)])
  while (!(await walkLedger(bench.deps, own.ref, feed)).done);
  while (!(await walkCharges(bench.deps, own.ref, feed)).done);
  while ((await lookAroundNameless(bench.deps, own.ref, feed, 500)) > 0);
  lines = new Map(
    (
      await bench.rows<Line>(
        `select t.external_id, t.direction, t.amount_minor, t.currency, t.status, t.reference
           from transactions t join accounts a on a.tenant_id = t.tenant_id and a.id = t.account_id where a.connection_id = $1`,
        [uuidOf(own.ref.id)],
      )
    ).map((line) => [line.external_id, line]),
  )
}, 120_000)
afterAll(async () => {
  await outbound.close()
  await stripe.close()
  await bench.stop()
})

/** What a line must say of a charge; undefined where there is none. */
const STATUS: Record<TruthCharge['state'], string | undefined> = {
  succeeded: 'processed',
  partly_refunded: 'processed',
  dispute_won: 'processed',
  refunded: 'ignored',
  disputed: 'ignored',
  dispute_lost: 'ignored',
  pending: 'pending',
  authorized: 'pending',
  expired: 'ignored',
  failed: 'ignored',
}

describe('a month at the simulator', () => {
  it('holds every movement once, to the cent', async () => {
    const sums = await bench.rows<{ currency: string; rows: number; net: string }>(
      'select currency, count(*)::int as rows, sum(net_minor) as net from stripe_ledger where connection_id = $1 group by 1',
      [uuidOf(own.ref.id)],
    )
    expect(Object.fromEntries(sums.map((row) => [row.currency.toLowerCase(), BigInt(row.net)]))).toEqual(
      truth.totals.netMinor,
    )
    expect(sums.reduce((total, row) => total + row.rows, 0)).toBe(truth.totals.transactions)
  })

  it('shows every charge as what became of it', () => {
    const since = Date.parse(NOW) / 1000 - WEEK_S
    const wrong = truth.charges.filter((charge) => {
      const line = lines.get(charge.id)
      // What never stood in the ledger is read a week back only, and what failed at once is no money.
      if (!line) return charge.state !== 'failed' && !(inNoLedger(charge) && charge.createdAt < since)
      const amountMinor = charge.capturedMinor > 0n ? charge.capturedMinor : charge.amountMinor
      return (
        line.status !== STATUS[charge.state] ||
        line.currency.toLowerCase() !== charge.currency ||
        BigInt(line.amount_minor) !== amountMinor
      )
    })
    expect(wrong.map((charge) => [charge, lines.get(charge.id)])).toEqual([])
    expect(
      new Set(truth.charges.filter((charge) => lines.has(charge.id)).map((charge) => charge.state)).size,
    ).toBeGreaterThan(4)
  })

  it('finds the invoice wherever the gateway left it', () => {
    const paid = truth.charges.filter(
      (charge) => charge.invoice !== null && lines.get(charge.id)?.status === 'processed',
    )
    // The customer of several invoices names one of them at best.
    const nameless = (charge: TruthCharge): boolean => ['nowhere', 'customer_metadata'].includes(charge.place)
    const wrong = paid.filter(
      (charge) => lines.get(charge.id)!.reference !== (nameless(charge) ? '' : `Invoice ${charge.invoice}`),
    )
    expect(wrong.map((charge) => [charge.place, charge.invoice, lines.get(charge.id)])).toEqual([])
    expect(paid.length).toBeGreaterThan(300)
  })

  it('shows what went back as money out', () => {
    const refundedMinor = truth.charges
      .filter((charge) => charge.currency === 'eur' && ['refunded', 'partly_refunded'].includes(charge.state))
      .reduce((sum, charge) => sum + charge.refundedMinor, 0n)
    const shownMinor = [...lines.values()]
      .filter((line) => line.direction === 'debit' && line.currency === 'EUR' && line.status === 'processed')
      .filter((line) => !line.external_id.startsWith('du_') && !line.external_id.startsWith('dp_'))
      .reduce((sum, line) => sum + BigInt(line.amount_minor), 0n)
    expect(refundedMinor).toBeGreaterThan(0n)
    expect(shownMinor).toBe(refundedMinor)
  })
})

const inNoLedger = (charge: TruthCharge): boolean => charge.state === 'authorized' || charge.state === 'expired'
