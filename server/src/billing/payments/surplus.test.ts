import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPaymentBench, type PaymentBench } from '../../../test/setup/factories-payments.ts'
import type { SendOutcome } from '../billing-system.ts'
import type { PaymentRow } from './queries.ts'

let bench: PaymentBench
beforeAll(async () => {
  bench = await createPaymentBench()
})
afterAll(() => bench.stop())
beforeEach(() => {
  bench.billing.onAdd = []
})

/** 100.00 of which 10.00 are to become credit. */
async function overpaid(balanceMinor = 9_000n): Promise<PaymentRow> {
  await bench.run(`update payments set next_attempt_at = now() + interval '1 year', lease_until = null`)
  const [line, invoice] = [await bench.makeLine(10_000n), await bench.makeInvoice({ balanceMinor })]
  const part = { invoiceId: invoice.id, amountMinor: 10_000n, surplusMinor: 1_000n }
  return (await bench.request({ ...line, parts: [part] }))[0]!
}

const booked = (payment: PaymentRow) => bench.billing.payments.filter((row) => row.transid === payment.transid)

async function runThrough(payment: PaymentRow): Promise<PaymentRow> {
  for (let n = 0; n < 20; n++) {
    await bench.visit()
    const now = await bench.payment(payment.id)
    if (!['pending', 'sending', 'unknown'].includes(now.state)) return now
    await bench.passTime(payment)
  }
  return bench.payment(payment.id)
}

const unclear: SendOutcome = { outcome: 'unknown', sent: true, reason: 'timeout' }

describe('a payment with a surplus', () => {
  it.each([
    ['committed, no answer', async (book: () => void) => (book(), unclear)],
    ['nothing committed, no answer', async () => unclear],
    ['committed, answered', async (book: () => void): Promise<SendOutcome> => (book(), { outcome: 'applied' })],
  ])('is booked whole and once: %s', async (_, first) => {
    const payment = await overpaid()
    bench.billing.onAdd = [
      (_wanted, book) => first(book),
      async (_wanted, book) => {
        book()
        return { outcome: 'applied' }
      },
    ]
    expect(await runThrough(payment)).toMatchObject({ state: 'applied', amountMinor: 10_000n, surplusMinor: 1_000n })
    expect(booked(payment).map(({ amountMinor }) => amountMinor)).toEqual([10_000n])
  })

  it.each([
    ['less', 8_999n, /89\.99 EUR open/],
    ['more, though less than the payment', 9_500n, /95\.00 EUR open .* 10\.00 EUR became credit/],
    ['more than the payment', 20_000n, /200\.00 EUR open/],
  ])('is not sent when %s is open than it settles', async (_, balanceMinor, words) => {
    const payment = await overpaid(balanceMinor)
    expect(await runThrough(payment)).toMatchObject({ state: 'refused', reason: expect.stringMatching(words) })
    expect(booked(payment)).toEqual([])
  })

  it('takes up its row with what is decided anew', async () => {
    const payment = await overpaid(9_500n)
    await runThrough(payment)
    const { matchId, transactionId, invoiceId } = payment
    const part = { invoiceId, amountMinor: 10_000n, surplusMinor: 500n }
    const [again] = await bench.request({ matchId, transactionId, parts: [part] })
    expect(again).toMatchObject({ id: payment.id, transid: payment.transid, surplusMinor: 500n })
    expect(await runThrough(payment)).toMatchObject({ state: 'applied' })
  })

  it('never without an owner, nor as a whole', async () => {
    const line = await bench.makeLine(10_000n)
    const [one, two] = [await bench.makeInvoice(), await bench.makeInvoice()]
    for (const surplusMinor of [-1n, 5_000n, 5_001n]) {
      const part = { invoiceId: one.id, amountMinor: 5_000n, surplusMinor }
      await expect(bench.request({ ...line, parts: [part] })).rejects.toThrow(/a part of one payment/)
    }
    const parts = [one, two].map(({ id }) => ({ invoiceId: id, amountMinor: 5_000n, surplusMinor: 1n }))
    await expect(bench.request({ ...line, parts })).rejects.toThrow(/a part of one payment/)
  })
})
