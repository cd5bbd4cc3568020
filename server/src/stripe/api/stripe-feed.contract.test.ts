import { afterAll, beforeAll } from 'vitest'
import {
  SANDBOX_MERCHANT,
  SANDBOX_PLATFORM,
  startStripe,
  type StripeServer,
} from '../../../../sandbox/src/stripe/index.ts'
import { createFakeFeed } from '../../../test/setup/fake-stripe-feed.ts'
import { type Receiver, startReceiver } from '../../../test/setup/receiver.ts'
import {
  accountAnswer,
  chargeAnswer,
  customerAnswer,
  disputeAnswer,
  errorAnswer,
  eventAnswer,
  intentAnswer,
  ledgerAnswer,
  payoutAnswer,
  refundAnswer,
  sessionAnswer,
} from '../../../test/setup/stripe-answers.ts'
import { type StripeBench, stripeFeedContract } from '../../../test/setup/stripe-feed-contract.ts'
import { answerRecorded, type Recorded } from '../../../test/setup/stripe-recorded.ts'
import { systemClock } from '../../base/clock.ts'
import { Secret } from '../../base/secret.ts'
import { createOutbound, type Outbound } from '../../outbound/index.ts'
import { StripeFeedError } from '../stripe-feed.ts'
import { createStripeFeed, createStripePace } from './index.ts'

let stripe: Receiver
let simulator: StripeServer
let outbound: Outbound

beforeAll(async () => {
  stripe = await startReceiver()
  simulator = await startStripe({ now: '2026-11-26T12:00:00Z', frozen: true })
  simulator.control.on(SANDBOX_MERCHANT.id).seedLedger({ charges: 250, days: 40 })
  outbound = createOutbound({ allowedPrivateHosts: [stripe.host, new URL(simulator.url).host] })
})
afterAll(async () => {
  await outbound.close()
  await stripe.close()
  await simulator.close()
})

type Thing = Record<string, unknown> & { id: string }
const AT = 1_789_700_000

function recorded(): Recorded & { revoked: boolean } {
  const charges = Array.from({ length: 230 }, (_, at) =>
    chargeAnswer({
      id: `ch_${at}`,
      payment_intent: `pi_${at}`,
      balance_transaction: `txn_${at}`,
      created: AT - Math.floor(at / 3),
    }),
  ) as Thing[]
  const rows = charges.map((charge, at) =>
    ledgerAnswer({ id: `txn_${at}`, source: charge, created: charge.created }),
  ) as Thing[]
  const ownRow = ledgerAnswer({
    id: 'txn_po_1',
    type: 'payout',
    reporting_category: 'payout',
    amount: -2 * 11_894,
    fee: 0,
    fee_details: [],
    net: -2 * 11_894,
    source: 'po_1',
  }) as Thing
  return {
    revoked: false,
    lists: {
      '/v1/balance_transactions': [ownRow, ...rows],
      '/v1/charges': charges,
      '/v1/refunds': [refundAnswer() as Thing],
      '/v1/disputes': [disputeAnswer() as Thing],
      '/v1/payouts': [
        payoutAnswer({ amount: 2 * 11_894 }) as Thing,
        payoutAnswer({ id: 'po_manual', automatic: false }) as Thing,
      ],
      '/v1/payment_intents': [intentAnswer({ id: 'pi_7' }) as Thing],
      '/v1/customers': [customerAnswer() as Thing],
      '/v1/checkout/sessions': [sessionAnswer({ payment_intent: 'pi_7' }) as Thing],
      '/v1/events': [eventAnswer({ id: 'evt_2', created: AT + 9, type: 'payout.paid' }), eventAnswer()] as Thing[],
    },
    single: { '/v1/account': accountAnswer() },
    keeps: (thing, filter, value) =>
      filter === 'payout' ? ['txn_po_1', 'txn_0', 'txn_229'].includes(thing.id) : thing[filter] === value,
    first({ path }) {
      const refusal = (status: number, fields: Record<string, unknown>) => ({
        status,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(errorAnswer(fields)),
      })
      if (this.revoked)
        return refusal(403, { code: 'account_invalid', message: 'Application access may have been revoked.' })
      if (!path.includes('payout=po_manual')) return undefined
      const message = 'Balance transaction history can only be filtered on automatic transfers, not manual.'
      return refusal(400, { message })
    },
  }
}

stripeFeedContract('the adapter on recorded answers', (): Promise<StripeBench> => {
  const answers = recorded()
  stripe.answer((request) => answerRecorded(answers, request))
  let reads = 0
  const feed = createStripeFeed({
    outbound,
    clock: systemClock,
    apiUrl: stripe.url,
    access: { kind: 'connect_oauth', secretKey: new Secret('sk_live_platform'), accountId: 'acct_1A' },
    pace: createStripePace(),
    onRead: () => (reads += 1),
  })
  return Promise.resolve({
    feed,
    reads: () => reads,
    accountId: 'acct_1A',
    ledgerIds: answers.lists['/v1/balance_transactions']!.map((row) => row.id),
    row: { id: 'txn_7', amountMinor: 12_100n, feeMinor: 206n, netMinor: 11_894n, currency: 'EUR', chargeId: 'ch_7' },
    charge: {
      id: 'ch_7',
      intentId: 'pi_7',
      amountMinor: 12_100n,
      currency: 'EUR',
      occurredAt: new Date((AT - 2) * 1_000),
    },
    refundId: 're_1',
    disputeId: 'du_1',
    payouts: { automatic: { id: 'po_1', amountMinor: 23_788n, arrivalOn: '2026-09-20' }, manualId: 'po_manual' },
    event: { type: 'charge.succeeded', objectId: 'ch_3A1', occurredAt: new Date(AT * 1_000) },
    revoke: () => void (answers.revoked = true),
  })
})

stripeFeedContract('the adapter on the simulated Stripe', (): Promise<StripeBench> => {
  const { control, url } = simulator
  const { id: accountId } = SANDBOX_MERCHANT
  control.connect(accountId)
  const desk = control.on(accountId)
  const { book } = desk
  const truth = desk.truth()
  const newestFirst = [...book.transactions.rows].reverse()
  const sale = truth.charges.filter((each) => each.state === 'succeeded' && each.currency === 'eur').at(-1)!
  const charge = book.charges.get(sale.id)!
  const row = book.transactions.get(charge.balance_transaction!)!
  const payout = truth.payouts.find((each) => each.automatic && each.known === 'listed' && each.items !== null)!
  const event = book.events.rows.filter((each) => each.type === 'charge.succeeded').at(-1)!
  let reads = 0
  const feed = createStripeFeed({
    outbound,
    clock: systemClock,
    apiUrl: url,
    access: { kind: 'connect_oauth', secretKey: new Secret(SANDBOX_PLATFORM.secretKeys.test), accountId },
    // The simulator has no limits of its own, and the suite no time.
    pace: { turn: () => Promise.resolve(0) },
    onRead: () => (reads += 1),
  })
  return Promise.resolve({
    feed,
    reads: () => reads,
    accountId,
    ledgerIds: newestFirst.map((each) => each.id),
    row: {
      id: row.id,
      amountMinor: row.amount,
      feeMinor: row.fee,
      netMinor: row.net,
      currency: row.currency.toUpperCase(),
      chargeId: sale.id,
    },
    charge: {
      id: sale.id,
      intentId: sale.paymentIntent!,
      amountMinor: sale.amountMinor,
      currency: 'EUR',
      occurredAt: new Date(sale.createdAt * 1_000),
    },
    refundId: book.refunds.rows[0]!.id,
    disputeId: book.disputes.rows[0]!.id,
    payouts: {
      automatic: { id: payout.id, amountMinor: payout.amountMinor, arrivalOn: payout.arrivalOn },
      manualId: truth.payouts.find((each) => !each.automatic)!.id,
    },
    event: {
      type: event.type,
      objectId: (event.data.object as { id: string }).id,
      occurredAt: new Date(event.created * 1_000),
    },
    revoke: () => void control.disconnect(accountId),
  })
})

// Other tests stand on this one: it must not promise what Stripe does not.
stripeFeedContract('the feed of the tests', (): Promise<StripeBench> => {
  const fake = createFakeFeed()
  const charges = Array.from({ length: 230 }, () => fake.charge())
  const charge = charges[100]!
  const row = fake.ledger.find((each) => each.id === charge.balanceTransactionId)!
  const refund = fake.refund(charges[5]!.id, 100n)
  const dispute = fake.dispute(charges[6]!.id)
  fake.events.push({ id: 'evt_1', type: 'charge.succeeded', objectId: charge.id, occurredAt: charge.occurredAt })
  const { id, amountMinor, feeMinor, netMinor, currency } = row
  return Promise.resolve({
    feed: fake.feed,
    reads: () => fake.calls.length,
    accountId: 'acct_fake',
    ledgerIds: fake.ledger.map((each) => each.id).toReversed(),
    row: { id, amountMinor, feeMinor, netMinor, currency, chargeId: charge.id },
    charge: {
      id: charge.id,
      intentId: charge.paymentIntentId!,
      amountMinor: charge.amountMinor,
      currency: charge.currency,
      occurredAt: charge.occurredAt,
    },
    refundId: refund.id,
    disputeId: dispute.id,
    payouts: undefined,
    event: { type: 'charge.succeeded', objectId: charge.id, occurredAt: charge.occurredAt },
    revoke: () => {
      fake.beforeCall = () => {
        throw new StripeFeedError('revoked', 'account_invalid', 'Stripe does not let us into this account any more.')
      }
    },
  })
})
