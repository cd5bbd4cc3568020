import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type LedgerTruth,
  SANDBOX_PLATFORM,
  seedLedger,
  startStripe,
  type StripeServer,
} from '../../../../sandbox/src/stripe/index.ts'
import { createPayoutApp, type PayoutApp, type PayoutBench } from '../../../test/setup/factories-payouts.ts'
import { makeAccount } from '../../../test/setup/factories.ts'
import type { Id } from '../../base/ids.ts'
import { formatAmount } from '../../base/money.ts'
import { Secret } from '../../base/secret.ts'
import { createOutbound, type Outbound } from '../../outbound/index.ts'
import { createStripeFeed } from '../api/index.ts'
import { upsertRows } from '../ledger/ledger-queries.ts'
import type { LedgerRow, StripeFeed } from '../stripe-feed.ts'
import { composePayouts } from './compose-payouts.ts'
import { findBankLines } from './find-bank-lines.ts'
import { readPayouts } from './read-payouts.ts'

/** A merchant's 90 days at the simulator, whose truth is known: sales in three currencies with all that becomes of them, payouts by
 *  the schedule and by hand, holds, failures. */
const NOW = '2026-11-26T12:00:00Z'
const ACCOUNT = 'acct_1Truth'
const CURRENCIES = ['eur', 'usd', 'jpy']
let own: PayoutApp
let stripe: StripeServer
let outbound: Outbound
let bench: PayoutBench
let feed: StripeFeed
let truth: LedgerTruth
let reads = 0

beforeAll(async () => {
  own = await createPayoutApp()
  own.clock.set(NOW)
  stripe = await startStripe({
    now: NOW,
    frozen: true,
    merchants: [
      {
        id: ACCOUNT,
        history: {
          test: (book, now) => {
            truth = seedLedger(book, now, { charges: 3_000, currencies: CURRENCIES, events: false })
          },
        },
      },
    ],
  })
  stripe.control.connect(ACCOUNT)
  outbound = createOutbound({ allowedPrivateHosts: [new URL(stripe.url).host] })
  feed = createStripeFeed({
    outbound,
    clock: own.clock,
    apiUrl: stripe.url,
    access: { kind: 'connect_oauth', secretKey: new Secret(SANDBOX_PLATFORM.secretKeys.test), accountId: ACCOUNT },
    pace: { turn: () => Promise.resolve(0) },
    onRead: () => void (reads += 1),
  })
  bench = await own.bench()
  await own.app.database.pool.query("update stripe_connections set backfill_from = '2026-01-01'")
  for (let rows: LedgerRow[] = [], more = true; more; ) {
    const page = await feed.listLedger(rows.length === 0 ? {} : { before: rows.at(-1)!.id })
    expect(page.rejected).toEqual([])
    rows = page.rows
    more = page.more
    await own.deps.store.read(bench.tenant.id, (tx) => upsertRows(tx, bench.ref.id, rows))
  }
  const deps = { ...own.deps, backfillDays: 120 }
  await readPayouts(deps, bench.ref, feed)
  for (let before = -1; before !== reads; ) {
    before = reads
    await composePayouts(deps, bench.ref, feed)
  }
})
afterAll(async () => {
  await outbound.close()
  await stripe.close()
  await own.app.stop()
})

const amount = (minor: bigint, currency: string): number => Number(formatAmount(minor, currency.toUpperCase()))

async function shown() {
  const found = new Map<string, any>() // oxlint-disable-line typescript/no-explicit-any -- as the API shows it
  for (let cursor = ''; ; ) {
    const { body } = await bench.tenant.call('GET', `/payouts?per_page=100${cursor && `&cursor=${cursor}`}`)
    for (const payout of body.data) found.set(payout.external_id, payout)
    cursor = body.pagination.next_cursor
    if (!cursor) return found
  }
}

describe('the truth about payouts', () => {
  it('all are known, with their amounts and states', async () => {
    const payouts = await shown()
    expect(payouts.size).toBe(truth.payouts.length)
    for (const one of truth.payouts) {
      expect(payouts.get(one.id)).toMatchObject({
        amount: amount(one.amountMinor, one.currency),
        currency: one.currency.toUpperCase(),
        status: one.status,
        automatic: one.automatic,
        arrival_date: `${one.arrivalOn}T00:00:00Z`,
      })
    }
  })

  it('those of the schedule are explained by exactly their rows, to the cent', async () => {
    const payouts = await shown()
    const listed = truth.payouts.filter(({ known }) => known === 'listed')
    expect(listed.length).toBeGreaterThan(100)
    for (const one of listed) {
      const { id, explained } = payouts.get(one.id)
      expect(explained).toMatchObject({ complete: true, difference: 0, composition: 'itemised' })
      const { body } = await bench.tenant.call('GET', `/payouts/${id}`)
      const simple = (rows: { id: string; amount: number; fee: number; net: number }[]) =>
        rows.map((row) => `${row.id} ${row.amount} ${row.fee} ${row.net}`).sort()
      expect(simple(body.items)).toEqual(
        simple(
          one.items!.map((item) => ({
            id: item.id,
            amount: amount(item.amountMinor, item.currency),
            fee: amount(item.feeMinor, item.currency),
            net: amount(item.netMinor, item.currency),
          })),
        ),
      )
    }
  })

  it('those by hand are explained by exactly their rows where that can be told, and otherwise not at all', async () => {
    const payouts = await shown()
    const byHand = truth.payouts.filter(({ automatic }) => !automatic)
    expect(new Set(byHand.map(({ known }) => known))).toEqual(new Set(['sweep', 'oldest_rows', 'open']))
    for (const one of byHand) {
      const { id, explained } = payouts.get(one.id)
      expect(explained.composition).toBe(one.known === 'open' ? 'unexplained' : 'deduced')
      if (!explained.complete) continue
      const { body } = await bench.tenant.call('GET', `/payouts/${id}`)
      expect(body.items.map((item: { id: string }) => item.id).sort()).toEqual(one.items!.map((item) => item.id).sort())
    }
  })
})

describe('the bank statement', () => {
  it('each line that is taken is its payout’s', async () => {
    const accounts: Record<string, Id<'acc'>> = { eur: bench.account }
    for (const currency of ['usd', 'jpy'])
      accounts[currency] = await makeAccount(own.app, bench.tenant, { currency: currency.toUpperCase() })
    const recent = truth.bankLines.filter(({ day }) => day >= '2026-10-01')
    const byLine = new Map<string, (typeof recent)[number]>()
    for (const line of recent) {
      const minor = line.amountMinor < 0n ? -line.amountMinor : line.amountMinor
      const id = await bench.line({
        amount: formatAmount(minor, line.currency.toUpperCase()),
        currency: line.currency.toUpperCase(),
        direction: line.amountMinor < 0n ? 'debit' : 'credit',
        account: accounts[line.currency]!,
        name: line.name,
        text: line.text,
        date: line.day,
      })
      byLine.set(id, line)
    }
    await findBankLines(own.deps, bench.tenant.id)
    const payouts = await shown()
    let taken = 0
    for (const payout of payouts.values()) {
      for (const id of [payout.bank_transaction_id, ...payout.returned_transaction_ids].filter(Boolean)) {
        expect(byLine.get(id)!.payout).toBe(payout.external_id)
        taken += 1
      }
    }
    expect(taken).toBeGreaterThan(0.9 * recent.length)
    const before = await bench.traces()
    await findBankLines(own.deps, bench.tenant.id)
    expect(await bench.traces()).toEqual(before)
  })
})
