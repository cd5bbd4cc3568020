import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPaymentBench, type PaymentBench } from '../../../test/setup/factories-payments.ts'
import { applyPayment } from './apply-payment.ts'
import { createClaim } from './claim.ts'
import type { PaymentRow } from './queries.ts'

let bench: PaymentBench
beforeAll(async () => {
  bench = await createPaymentBench()
})
afterAll(() => bench.stop())
beforeEach(async () => {
  await bench.run(`update payments set next_attempt_at = now() + interval '1 year', lease_until = null`)
  Object.assign(bench.billing.calls, { find: 0, invoice: 0, add: 0 })
})

/** So many workers look for work at the same moment and do what they got. */
async function race(workers: number): Promise<PaymentRow[]> {
  const claims = await Promise.all(Array.from({ length: workers }, () => createClaim(bench)(10)))
  const leased = claims.flat()
  await Promise.all(leased.map((payment) => applyPayment(bench, payment)))
  return leased
}

describe('claim', () => {
  it.each([2, 8])('%i workers race for one payment: one send', async (workers) => {
    const payment = await bench.makePayment()
    expect(await race(workers)).toHaveLength(1)
    expect(bench.billing.calls.add).toBe(1)
    expect((await bench.payment(payment.id)).state).toBe('applied')
  })

  it.each([2, 8])('%i workers race for many: at most two at once of an installation, each once', async (workers) => {
    const payments = await Promise.all(Array.from({ length: 12 }, () => bench.makePayment()))
    for (let round = 0; round < 6; round++) expect((await race(workers)).length).toBe(2)
    expect(bench.billing.calls.add).toBe(12)
    for (const payment of payments) expect((await bench.payment(payment.id)).state).toBe('applied')
  })

  it('gives one at a time of an invoice', async () => {
    const invoice = await bench.makeInvoice({ balanceMinor: 20_000n })
    const first = await bench.makePayment({ invoice })
    const second = await bench.makePayment({ invoice })
    const claim = createClaim(bench)
    const one = await claim(10)
    expect(one.map((payment) => payment.id)).toEqual([first.id])
    expect(await claim(10)).toEqual([])
    await applyPayment(bench, one[0]!)
    expect((await claim(10)).map((payment) => payment.id)).toEqual([second.id])
  })

  it('keeps an invoice closed while a send to it is not settled', async () => {
    const invoice = await bench.makeInvoice({ balanceMinor: 20_000n })
    const first = await bench.makePayment({ invoice })
    const second = await bench.makePayment({ invoice })
    bench.billing.onAdd = [async () => ({ outcome: 'unknown', sent: true, reason: 'timeout' })]
    await bench.visit()
    expect((await bench.payment(first.id)).state).toBe('unknown')
    bench.billing.onAdd = []
    // Only the first is looked at, whenever it is due; the second waits behind it.
    expect(await createClaim(bench)(10)).toEqual([])
    await bench.passTime(first)
    expect((await bench.visit()).map((payment) => payment.id)).toEqual([first.id])
    expect((await bench.payment(first.id)).state).toBe('applied')
    expect((await bench.visit()).map((payment) => payment.id)).toEqual([second.id])
    expect((await bench.payment(second.id)).state).toBe('applied')
  })

  it('takes over when a lease has run out, under a higher fence', async () => {
    const payment = await bench.makePayment()
    const claim = createClaim(bench)
    const [dead] = await claim(1)
    expect(await claim(1)).toEqual([])
    await bench.passTime(payment)
    const [next] = await claim(1)
    expect(BigInt(next!.fence)).toBe(BigInt(dead!.fence) + 1n)
    // The worker that was thought dead wakes up: it sends nothing and writes nothing.
    await applyPayment(bench, dead!)
    expect(bench.billing.calls.add).toBe(0)
    expect((await bench.payment(payment.id)).state).toBe('pending')
    await applyPayment(bench, next!)
    expect(bench.billing.calls.add).toBe(1)
  })

  it('serves tenants in turn', async () => {
    const other = { ...bench, ...(await bench.otherTenant()) }
    for (let n = 0; n < 4; n++) {
      await bench.makePayment()
      await other.makePayment()
    }
    const claim = createClaim(bench)
    const served = []
    for (let n = 0; n < 4; n++) served.push((await claim(1))[0]!.tenantId)
    expect(served[0]).not.toBe(served[1])
    expect([served[2], served[3]]).toEqual([served[0], served[1]])
  })
})
