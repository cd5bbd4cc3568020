import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accountAnswer,
  chargeAnswer,
  disputeAnswer,
  eventAnswer,
  ledgerAnswer,
  payoutAnswer,
  refundAnswer,
  sessionAnswer,
} from '../../../test/setup/stripe-answers.ts'
import { UnfitError } from './read.ts'
import { toAccount } from './to-account.ts'
import { toCharge } from './to-charge.ts'
import { toEvent } from './to-event.ts'
import { toLedgerRow } from './to-ledger-row.ts'
import { toPayout } from './to-payout.ts'
import { toDispute, toRefund } from './to-return.ts'
import { anyText } from '../../../test/setup/any-text.ts'

/** As it comes out of JSON. */
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const row = (fields: Record<string, unknown> = {}, reject: (sentence: string) => void = () => {}) =>
  toLedgerRow(wire(ledgerAnswer(fields)), reject)

describe('a charge', () => {
  it('is read with what describes it', () => {
    expect(toCharge(wire(chargeAnswer()))).toEqual({
      id: 'ch_3A1',
      paymentIntentId: 'pi_3A1',
      customerId: 'cus_9',
      balanceTransactionId: 'txn_3A1',
      failureBalanceTransactionId: null,
      amountMinor: 12_100n,
      capturedMinor: 12_100n,
      refundedMinor: 0n,
      currency: 'EUR',
      status: 'succeeded',
      captured: true,
      disputed: false,
      occurredAt: new Date(1_789_700_000_000),
      payerName: 'Ada Marlow',
      payerEmail: 'ada@marlow.example',
      description: 'Invoice #1001',
      descriptor: 'NORTHBYTE 1001',
      method: 'card',
      failure: null,
      metadata: { invoice_id: '1001' },
      livemode: false,
    })
  })

  it('is read without anything that only describes it, and with things that came along or are new', () => {
    const bare = toCharge(
      wire(
        chargeAnswer({
          balance_transaction: null,
          billing_details: null,
          receipt_email: 'bill@marlow.example',
          calculated_statement_descriptor: null,
          statement_descriptor: 'NORTH',
          statement_descriptor_suffix: '1001',
          customer: { id: 'cus_9', object: 'customer', deleted: true },
          payment_intent: undefined,
          description: 7,
          metadata: ['no'],
          outcome: 'new',
          payment_method_details: null,
          invented_next_year: { a: 1 },
        }),
      ),
    )
    expect(bare).toMatchObject({
      paymentIntentId: null,
      customerId: 'cus_9',
      balanceTransactionId: null,
      payerName: '',
      payerEmail: 'bill@marlow.example',
      description: '',
      descriptor: 'NORTH 1001',
      method: null,
      metadata: {},
    })
  })

  it('that failed says why', () => {
    const failed = { status: 'failed', failure_message: null, failure_code: 'card_declined' }
    expect(toCharge(wire(chargeAnswer({ ...failed, outcome: null }))).failure).toBe('card_declined')
    expect(toCharge(wire(chargeAnswer(failed))).failure).toBe('Payment complete.')
    expect(toCharge(wire(chargeAnswer({ ...failed, failure_message: 'Declined.' }))).failure).toBe('Declined.')
    expect(toCharge(wire(chargeAnswer({ status: 'invented', failure_message: 'x' })))).toMatchObject({
      status: 'invented',
      failure: null,
    })
  })

  it('holds no NUL, no half of a surrogate pair, and no endless text', () => {
    const charge = toCharge(
      wire(
        chargeAnswer({
          description: `a\0b\ud800c${'x'.repeat(5_000)}`,
          metadata: Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`k${at}\0`, '\udc00'.repeat(600)])),
        }),
      ),
    )
    expect(charge.description).toBe(`a\ufffdb\ufffdc${'x'.repeat(3_995)}`)
    expect(Object.keys(charge.metadata)).toHaveLength(50)
    expect(charge.metadata['k0\ufffd']).toBe('\ufffd'.repeat(500))
    fc.assert(
      fc.property(anyText({ maxLength: 60 }), (text) => {
        const read = toCharge(wire(chargeAnswer({ description: text, metadata: { text } })))
        for (const each of [read.description, read.metadata.text!]) {
          expect(each.isWellFormed() && !each.includes('\0')).toBe(true)
        }
      }),
    )
  })

  it('may be metadata with the name of a prototype', () => {
    const raw = JSON.parse(JSON.stringify(chargeAnswer()).replace('"invoice_id"', '"__proto__"')) as unknown
    expect(Object.getPrototypeOf(toCharge(raw).metadata)).toBe(Object.prototype)
  })

  it.each([
    ['an amount of 2^53', { amount: 2 ** 53 }, 'ch_3A1: amount is not as documented'],
    ['a fraction', { amount_refunded: 0.5 }, 'ch_3A1: amount_refunded is not as documented'],
    ['an amount as text', { amount_captured: '12100' }, 'ch_3A1: amount_captured is not as documented'],
    ['no amount', { amount: undefined }, 'ch_3A1: amount is not as documented'],
    ['a currency of no country', { currency: 'usdc' }, 'ch_3A1: currency is not as documented'],
    ['an unknown currency', { currency: 'zzy' }, 'ch_3A1: currency is not as documented'],
    ['half a króna', { currency: 'isk', amount: 550 }, 'ch_3A1: 550 is no whole amount in ISK'],
    ['no mode', { livemode: undefined }, 'ch_3A1: livemode is not as documented'],
    ['no time', { created: null }, 'ch_3A1: created is not as documented'],
    ['a time of no calendar', { created: 1e15 }, 'ch_3A1: created is not as documented'],
    ['no id', { id: undefined }, 'a charge without an id: id is not as documented'],
    ['another kind', { object: 'refund' }, 'ch_3A1 is no charge'],
  ])('is refused with %s', (_, fields, sentence) => {
    expect(() => toCharge(wire(chargeAnswer(fields)))).toThrow(new UnfitError(sentence))
  })

  it.each([
    ['JPY', 500, 500n],
    ['UGX', 500, 5n],
    ['MGA', 500, 50_000n],
    ['BHD', 5_120, 5_120n],
  ])('in %s counts as ISO 4217 does', (currency, amount, minor) => {
    expect(toCharge(wire(chargeAnswer({ currency: currency.toLowerCase(), amount }))).amountMinor).toBe(minor)
  })

  it('of any amount that a double holds is read to the unit', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (amount) => {
        expect(toCharge(wire(chargeAnswer({ amount }))).amountMinor).toBe(BigInt(amount))
      }),
    )
  })
})

describe('a row of the ledger', () => {
  it('is read to the cent, with its fees', () => {
    expect(row({ exchange_rate: 0.846_154, description: null })).toEqual({
      id: 'txn_3A1',
      type: 'charge',
      category: 'charge',
      amountMinor: 12_100n,
      feeMinor: 206n,
      netMinor: 11_894n,
      currency: 'EUR',
      exchangeRate: '0.846154',
      sourceId: 'ch_3A1',
      chargeId: 'ch_3A1',
      status: 'pending',
      availableOn: '2026-09-21',
      occurredAt: new Date(1_789_700_000_000),
      description: '',
      feeDetails: [{ type: 'stripe_fee', amountMinor: 206n, currency: 'EUR', description: 'Stripe processing fees' }],
      source: {},
    })
    expect(row({ exchange_rate: 0.000_000_12 }).exchangeRate).toBe('0.00000012')
    expect(row({ exchange_rate: 117 }).exchangeRate).toBe('117')
  })

  it('carries its source, and says which charge it is about', () => {
    expect(row({ source: chargeAnswer() })).toMatchObject({
      sourceId: 'ch_3A1',
      chargeId: 'ch_3A1',
      source: { charge: { id: 'ch_3A1', amountMinor: 12_100n } },
    })
    expect(row({ type: 'refund', source: refundAnswer() })).toMatchObject({
      sourceId: 're_1',
      chargeId: 'ch_3A1',
      source: { refund: { kind: 'refund', id: 're_1' } },
    })
    expect(row({ type: 'adjustment', source: disputeAnswer() })).toMatchObject({
      sourceId: 'du_1',
      chargeId: 'ch_3A1',
      source: { dispute: { kind: 'dispute', id: 'du_1' } },
    })
    expect(row({ type: 'payout', source: payoutAnswer() })).toMatchObject({
      sourceId: 'po_1',
      chargeId: null,
      source: { payout: { id: 'po_1' } },
    })
    expect(row({ type: 'refund', source: 're_1' })).toMatchObject({ sourceId: 're_1', chargeId: null, source: {} })
    expect(row({ type: 'invented', source: { id: 'x_1', object: 'invented' } })).toMatchObject({
      type: 'invented',
      sourceId: 'x_1',
      source: {},
    })
    expect(row({ type: 'stripe_fee', source: undefined }).sourceId).toBeNull()
    expect(row({ type: 'stripe_fee', source: null })).toMatchObject({ sourceId: null, chargeId: null, source: {} })
  })

  it('whose source cannot be read is kept, and the source is told', () => {
    const sentences: string[] = []
    const read = row({ source: chargeAnswer({ amount: null }) }, (sentence) => sentences.push(sentence))
    expect(read).toMatchObject({ sourceId: 'ch_3A1', chargeId: 'ch_3A1', source: {} })
    expect(sentences).toEqual(['ch_3A1: amount is not as documented'])
  })

  it.each([
    ['no net', { net: undefined }],
    ['a fee with a fraction', { fee: 1.5 }],
    ['fees of no shape', { fee_details: [{ type: 'tax' }] }],
    ['no status', { status: '' }],
    ['a source without an id', { source: {} }],
  ])('is refused with %s', (_, fields) => {
    expect(() => row(fields)).toThrow(UnfitError)
  })
})

describe('what went back', () => {
  it('is a refund with its rows', () => {
    expect(toRefund(wire(refundAnswer({ failure_balance_transaction: 'txn_f' })))).toEqual({
      id: 're_1',
      kind: 'refund',
      chargeId: 'ch_3A1',
      amountMinor: 2_000n,
      currency: 'EUR',
      status: 'succeeded',
      reason: 'requested_by_customer',
      final: true,
      occurredAt: new Date(1_789_700_100_000),
      ledgerIds: ['txn_re_1', 'txn_f'],
    })
  })

  it.each([
    ['pending', false],
    ['requires_action', false],
    ['succeeded', true],
    ['failed', true],
    ['canceled', true],
    ['invented', false],
  ])('a refund that is %s: final %s', (status, final) => {
    expect(toRefund(wire(refundAnswer({ status })))).toMatchObject({ status, final })
  })

  it.each([
    ['warning_needs_response', false],
    ['warning_closed', true],
    ['under_review', false],
    ['won', true],
    ['lost', true],
    ['prevented', true],
    ['invented', false],
  ])('a dispute that is %s: final %s', (status, final) => {
    expect(toDispute(wire(disputeAnswer({ status })))).toMatchObject({ status, final, ledgerIds: ['txn_du_1'] })
  })

  it('names its charge, or is refused', () => {
    expect(() => toRefund(wire(refundAnswer({ charge: null })))).toThrow(new UnfitError('re_1 names no charge'))
    expect(toDispute(wire(disputeAnswer({ charge: chargeAnswer(), balance_transactions: [] })))).toMatchObject({
      chargeId: 'ch_3A1',
      ledgerIds: [],
    })
  })
})

describe('a payout', () => {
  it('is read with its way to the bank', () => {
    expect(toPayout(wire(payoutAnswer()))).toEqual({
      id: 'po_1',
      balanceTransactionId: 'txn_po_1',
      failureBalanceTransactionId: null,
      amountMinor: 8_845n,
      currency: 'EUR',
      status: 'paid',
      automatic: true,
      method: 'standard',
      toBank: true,
      arrivalOn: '2026-09-20',
      descriptor: '',
      traceId: 'ABC123',
      destinationLast4: '3000',
      reconciliationStatus: 'completed',
      failureCode: null,
      failureMessage: null,
      occurredAt: new Date(1_789_700_300_000),
    })
  })

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['below zero', { amount: -500 }, { amountMinor: -500n }],
    ['to a card', { type: 'card' }, { toBank: false }],
    ['to a balance at Stripe', { payout_method: 'usba_1' }, { toBank: false }],
    ['to a balance at Stripe, as an object', { payout_method: { id: 'usba_1' } }, { toBank: false }],
    ['to an account we may not see', { destination: 'ba_1' }, { destinationLast4: null, toBank: true }],
    ['without a trace yet', { trace_id: { status: 'pending', value: null } }, { traceId: null }],
    ['without any', { trace_id: null }, { traceId: null }],
    [
      'that came back',
      { status: 'failed', failure_code: 'no_account' },
      { status: 'failed', failureCode: 'no_account' },
    ],
  ])('%s', (_, fields, expected) => {
    expect(toPayout(wire(payoutAnswer(fields)))).toMatchObject(expected)
  })
})

describe('an account and an event', () => {
  it('the account has a name people know', () => {
    expect(toAccount(wire(accountAnswer()))).toEqual({
      id: 'acct_1A',
      name: 'Northbyte Hosting',
      country: 'PT',
      defaultCurrency: 'EUR',
      chargesEnabled: true,
      payoutsEnabled: true,
      payoutInterval: 'daily',
    })
    expect(toAccount(wire(accountAnswer({ business_profile: null }))).name).toBe('Northbyte')
    expect(toAccount(wire({ id: 'acct_1A', object: 'account' }))).toMatchObject({
      name: 'acct_1A',
      payoutInterval: null,
    })
  })

  it('the event names what to read again', () => {
    expect(toEvent(wire(eventAnswer()))).toEqual({
      id: 'evt_1',
      type: 'charge.succeeded',
      objectId: 'ch_3A1',
      occurredAt: new Date(1_789_700_000_000),
    })
    const session = { type: 'checkout.session.completed', data: { object: sessionAnswer() } }
    expect(toEvent(wire(eventAnswer(session))).objectId).toBe('pi_3A1')
    const balance = { type: 'balance.available', data: { object: { object: 'balance' } } }
    expect(toEvent(wire(eventAnswer(balance))).objectId).toBeNull()
  })
})
