import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPaymentBench, type PaymentBench } from '../../../test/setup/factories-payments.ts'
import { AppError } from '../../base/errors.ts'
import { newId } from '../../base/ids.ts'
import { systemActor } from '../../events/audit.ts'
import type { PaymentRow } from './queries.ts'
import { type Resolution, resolvePayment } from './resolve-payment.ts'

const FOREIGN = `PYM-${'Q'.repeat(26)}`

let bench: PaymentBench
beforeAll(async () => {
  bench = await createPaymentBench()
})
afterAll(() => bench.stop())
beforeEach(() => bench.run(`update payments set next_attempt_at = now() + interval '1 year', lease_until = null`))

const resolve = (payment: PaymentRow, resolution: Resolution) =>
  resolvePayment(bench, bench.tenantId, systemActor('person'), payment.id, resolution)

/** Quarantined, because something like it stands on the invoice under this id. */
async function quarantined(transid?: string): Promise<PaymentRow> {
  const payment = await bench.makePayment()
  bench.billing.payments.push({
    externalId: `q${bench.billing.payments.length}`,
    invoiceExternalId: payment.invoiceExternalId,
    transid: transid ?? payment.transid,
    amountMinor: transid === undefined ? 1n : payment.amountMinor,
    paidOn: '2025-04-10',
    gateway: 'banktransfer',
  })
  await bench.visit()
  const now = await bench.payment(payment.id)
  expect(now.state).toBe('quarantined')
  expect(await bench.alerts()).toContain('payment_quarantined')
  return now
}

describe('resolvePayment', () => {
  it('applied: it is there; the match hears of it and the alert closes', async () => {
    const payment = await quarantined(FOREIGN)
    expect(await resolve(payment, 'applied')).toMatchObject({ state: 'applied', reason: null })
    expect(bench.settled.at(-1)).toEqual({ matchId: payment.matchId, outcome: 'applied' })
    expect(await bench.alerts()).not.toContain('payment_quarantined')
    expect((await bench.audits()).at(-1)).toBe('payment.resolve')
    expect(bench.billing.payments.filter((row) => row.transid === payment.transid)).toEqual([])
  })

  it('drop: refused, the money is free again', async () => {
    const payment = await quarantined(FOREIGN)
    expect(await resolve(payment, 'drop')).toMatchObject({ state: 'refused', reason: 'Dropped by a person.' })
    expect(bench.settled.at(-1)).toEqual({ matchId: payment.matchId, outcome: 'refused' })
    await bench.passTime(payment)
    await bench.visit()
    expect(bench.billing.payments.filter((row) => row.transid === payment.transid)).toEqual([])
  })

  it('retry: foreign payments shown to the person no longer stand against it', async () => {
    const payment = await quarantined(FOREIGN)
    expect((await resolve(payment, 'retry')).state).toBe('pending')
    await bench.visit()
    expect((await bench.payment(payment.id)).state).toBe('applied')
    expect(bench.billing.payments.filter((row) => row.transid === payment.transid)).toHaveLength(1)
  })

  it('retry: what stands under our own id still keeps it from being sent', async () => {
    const payment = await quarantined()
    await resolve(payment, 'retry')
    const before = bench.billing.calls.add
    await bench.visit()
    expect(await bench.payment(payment.id)).toMatchObject({ state: 'quarantined', reasonCode: 'booked_otherwise' })
    expect(bench.billing.calls.add).toBe(before)
    await resolve(payment, 'drop')
  })

  it('retry after sends without an answer: unknown, five more, the last one still has to settle', async () => {
    const payment = await bench.makePayment()
    await bench.run(
      `update payments set state = 'quarantined', attempts = 5, settled_at = now() + interval '1 hour', next_attempt_at = now() + interval '1 year'
        where transid = '${payment.transid}'`,
    )
    expect(await resolve(payment, 'retry')).toMatchObject({ state: 'unknown', attempts: 5, sendsAllowed: 10 })
    const before = bench.billing.calls.add
    await bench.visit()
    expect(bench.billing.calls.add).toBe(before)
    await bench.passTime(payment)
    await bench.visit()
    expect(await bench.payment(payment.id)).toMatchObject({ state: 'applied', attempts: 6 })
  })

  it('is for quarantined payments only, once', async () => {
    const payment = await quarantined(FOREIGN)
    await resolve(payment, 'drop')
    await expect(resolve(payment, 'applied')).rejects.toMatchObject({ code: 'resource_conflict' })
    await expect(
      resolvePayment(bench, bench.tenantId, systemActor('person'), newId('pay'), 'drop'),
    ).rejects.toBeInstanceOf(AppError)
  })

  it('of many equal calls at the same moment one wins', async () => {
    const payment = await quarantined(FOREIGN)
    const told = bench.settled.length
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => resolve(payment, 'applied')))
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1)
    expect(bench.settled.length).toBe(told + 1)
  })
})
