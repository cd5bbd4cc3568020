import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPaymentBench, type PaymentBench } from '../../../test/setup/factories-payments.ts'
import { systemActor } from '../../events/audit.ts'
import { BillingError } from '../billing-system.ts'
import type { PaymentRow } from './queries.ts'
import { resolvePayment } from './resolve-payment.ts'
import { verifyPayments } from './verify-payments.ts'
import { watchPayments } from './watch-payments.ts'

let bench: PaymentBench
beforeAll(async () => {
  bench = await createPaymentBench()
})
afterAll(() => bench.stop())
beforeEach(async () => {
  bench.billing.onFind = () => {}
  bench.billing.onAdd = []
  await bench.run(
    `update payments set next_attempt_at = now() + interval '1 year', lease_until = null, checked_at = now()`,
  )
  await bench.run('update alerts set closed_at = now() where closed_at is null')
})

async function applied(): Promise<PaymentRow> {
  const payment = await bench.makePayment()
  await bench.visit()
  expect((await bench.payment(payment.id)).state).toBe('applied')
  return payment
}

const verified = async (payment: PaymentRow) =>
  (
    await bench.store.read(bench.tenantId, (tx) =>
      tx.one<{ yes: boolean }>(
        'select verified_at is not null as yes from payments where tenant_id = $1 and transid = $2',
        [tx.tenantUuid, payment.transid],
      ),
    )
  ).yes

describe('reading back', () => {
  it('follows a send at once', async () => {
    const payment = await applied()
    expect(await verified(payment)).toBe(true)
    expect(await bench.alerts()).toEqual([])
  })

  it('is made up for when it was cut short', async () => {
    bench.billing.onAdd.push(async (_wanted, book) => {
      book()
      bench.billing.onFind = () => {
        throw new BillingError('unreachable', 'No answer.', { temporary: true })
      }
      return { outcome: 'applied' }
    })
    const payment = await applied()
    expect(await verified(payment)).toBe(false)
    bench.billing.onFind = () => {}
    await bench.run(`update payments set checked_at = null where transid = '${payment.transid}'`)
    expect(await verifyPayments(bench)).toBe(1)
    expect(await verified(payment)).toBe(true)
  })

  it.each([
    [
      'booked twice',
      'ledger_difference',
      (payment: PaymentRow) => void bench.billing.payments.push({ ...row(payment), externalId: 'twin' }),
    ],
    [
      'gone',
      'payment_returned',
      (payment: PaymentRow) => void bench.billing.payments.splice(bench.billing.payments.indexOf(row(payment)), 1),
    ],
    ['over another amount', 'ledger_difference', (payment: PaymentRow) => void (row(payment).amountMinor = 1n)],
    ['on another invoice', 'ledger_difference', (payment: PaymentRow) => void (row(payment).invoiceExternalId = '1')],
  ])('finds what is %s, says so once, and changes nothing', async (_name, code, tamper) => {
    const payment = await applied()
    tamper(payment)
    const before = { ...bench.billing.calls }
    await bench.passTime(payment)
    expect(await verifyPayments(bench)).toBe(1)
    await bench.passTime(payment)
    await verifyPayments(bench)
    expect(await bench.alerts()).toEqual([code])
    expect(bench.billing.calls.add).toBe(before.add)
    expect((await bench.payment(payment.id)).state).toBe('applied')
  })

  it('asks about once a day, and not about what a person declared to be there', async () => {
    const payment = await applied()
    expect(await verifyPayments(bench)).toBe(0)
    await bench.passTime(payment)
    expect(await verifyPayments(bench)).toBe(1)
    await bench.run(`update payments set state = 'quarantined' where transid = '${payment.transid}'`)
    await resolvePayment(bench, bench.tenantId, systemActor('person'), payment.id, 'applied')
    await bench.passTime(payment)
    expect(await verifyPayments(bench)).toBe(0)
  })
})

const row = (payment: PaymentRow) => bench.billing.payments.find((one) => one.transid === payment.transid)!

describe('watching', () => {
  it('calls a dead send unknown, and an unknown of a quarter of an hour gets one alert', async () => {
    const payment = await bench.makePayment()
    await bench.run(
      `update payments set state = 'sending', attempts = 1, send_started_at = now() - interval '10 minutes', lease_until = now() - interval '1 second',
              next_attempt_at = now() + interval '1 hour' where transid = '${payment.transid}'`,
    )
    await watchPayments(bench)
    expect((await bench.payment(payment.id)).state).toBe('unknown')
    expect(await bench.alerts()).toEqual([])
    await bench.run(
      `update payments set unknown_since = now() - interval '16 minutes' where transid = '${payment.transid}'`,
    )
    await watchPayments(bench)
    await watchPayments(bench)
    expect(await bench.alerts()).toEqual(['payment_unknown'])
    // It ends with the doubt.
    await bench.passTime(payment)
    await bench.visit()
    expect((await bench.payment(payment.id)).state).toBe('applied')
    expect(await bench.alerts()).toEqual([])
  })

  it('leaves a send under way alone', async () => {
    const payment = await bench.makePayment()
    await bench.run(
      `update payments set state = 'sending', lease_until = now() + interval '1 minute' where transid = '${payment.transid}'`,
    )
    await watchPayments(bench)
    expect((await bench.payment(payment.id)).state).toBe('sending')
  })
})
