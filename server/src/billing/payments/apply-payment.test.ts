import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPaymentBench, type PaymentBench, scriptedBilling } from '../../../test/setup/factories-payments.ts'
import { BillingError, type SendOutcome } from '../billing-system.ts'
import { applyPayment } from './apply-payment.ts'
import { createClaim } from './claim.ts'
import type { PaymentRow } from './queries.ts'

let bench: PaymentBench
beforeAll(async () => {
  bench = await createPaymentBench()
})
afterAll(() => bench.stop())

type Script = (payment: PaymentRow) => void
const unclear: SendOutcome = { outcome: 'unknown', sent: true, reason: 'timeout' }
const unreachable = () => {
  throw new BillingError('unreachable', 'The WHMCS server does not answer.', { temporary: true })
}

/** One visit to a payment: what it was before, what the system does, what it is after, sends in all, why. */
const rows: {
  name: string
  before: 'pending' | 'unknown' | 'sending'
  script: Script
  after: string
  attempts: number
  code?: string | null
}[] = [
  { name: 'books it', before: 'pending', script: () => {}, after: 'applied', attempts: 1 },
  {
    name: 'finds it there already',
    before: 'pending',
    script: (payment) => commit(payment),
    after: 'applied',
    attempts: 0,
  },
  {
    name: 'no clear answer, nothing committed',
    before: 'pending',
    script: () => bench.billing.onAdd.push(async () => unclear),
    after: 'unknown',
    attempts: 1,
    code: 'no_clear_answer',
  },
  {
    name: 'no clear answer, committed',
    before: 'pending',
    script: () => bench.billing.onAdd.push(async (_wanted, book) => (book(), unclear)),
    after: 'unknown',
    attempts: 1,
    code: 'no_clear_answer',
  },
  {
    name: 'an adapter that throws',
    before: 'pending',
    script: () => bench.billing.onAdd.push(async () => Promise.reject(new Error('bug'))),
    after: 'unknown',
    attempts: 1,
    code: 'no_clear_answer',
  },
  {
    name: 'not a byte left',
    before: 'pending',
    script: () => bench.billing.onAdd.push(async () => ({ outcome: 'unknown', sent: false, reason: 'ECONNREFUSED' })),
    after: 'pending',
    attempts: 0,
    code: 'not_sent',
  },
  {
    name: 'breaker or bulkhead says later',
    before: 'pending',
    script: () => bench.billing.onAdd.push(async () => ({ outcome: 'unknown', sent: false, reason: 'busy' })),
    after: 'pending',
    attempts: 0,
    code: 'busy',
  },
  {
    name: 'not a byte left of the second send',
    before: 'unknown',
    script: () => bench.billing.onAdd.push(async () => ({ outcome: 'unknown', sent: false, reason: 'ECONNREFUSED' })),
    after: 'unknown',
    attempts: 1,
    code: 'not_sent',
  },
  {
    name: 'a named error',
    before: 'pending',
    script: () =>
      bench.billing.onAdd.push(async () => ({
        outcome: 'refused',
        code: 'business',
        message: 'It is not possible to add a payment to an invoice that is Cancelled',
      })),
    after: 'refused',
    attempts: 1,
    code: 'business',
  },
  {
    name: 'WHMCS does not let us in: not the fault of the payment',
    before: 'pending',
    script: () =>
      bench.billing.onAdd.push(async () => ({ outcome: 'refused', code: 'permission_denied', message: 'Tick it.' })),
    after: 'pending',
    attempts: 0,
    code: 'permission_denied',
  },
  {
    name: 'a named error although it was booked',
    before: 'pending',
    script: () =>
      bench.billing.onAdd.push(async (_wanted, book) => (book(), { outcome: 'refused', code: 'x', message: 'x' })),
    after: 'applied',
    attempts: 1,
  },
  {
    name: 'a named error that cannot be looked behind',
    before: 'pending',
    script: () =>
      bench.billing.onAdd.push(async () => {
        bench.billing.onFind = unreachable
        return { outcome: 'refused', code: 'business', message: 'No.' }
      }),
    after: 'unknown',
    attempts: 1,
    code: 'business',
  },
  {
    name: 'a named error after an unclear send',
    before: 'unknown',
    script: () => bench.billing.onAdd.push(async () => ({ outcome: 'refused', code: 'business', message: 'No.' })),
    after: 'quarantined',
    attempts: 2,
    code: 'business',
  },
  {
    name: 'look-up by id fails',
    before: 'pending',
    script: () => void (bench.billing.onFind = unreachable),
    after: 'pending',
    attempts: 0,
    code: 'unreachable',
  },
  {
    name: 'look-up of the invoice fails',
    before: 'pending',
    script: () => void (bench.billing.onInvoice = unreachable),
    after: 'pending',
    attempts: 0,
    code: 'unreachable',
  },
  {
    name: 'look-up fails with something unexpected',
    before: 'pending',
    script: () =>
      void (bench.billing.onFind = () => {
        throw new TypeError('unreadable')
      }),
    after: 'pending',
    attempts: 0,
    code: 'look_up_failed',
  },
  {
    name: 'look-up fails after an unclear send',
    before: 'unknown',
    script: () => void (bench.billing.onFind = unreachable),
    after: 'unknown',
    attempts: 1,
    code: 'unreachable',
  },
  { name: 'sends again', before: 'unknown', script: () => {}, after: 'applied', attempts: 2 },
  { name: 'a dead sender counts as unknown', before: 'sending', script: () => {}, after: 'applied', attempts: 2 },
  {
    name: 'a dead sender whose send arrived',
    before: 'sending',
    script: (payment) => commit(payment),
    after: 'applied',
    attempts: 1,
  },
  {
    name: 'found after an unclear send',
    before: 'unknown',
    script: (payment) => commit(payment),
    after: 'applied',
    attempts: 1,
  },
  {
    name: 'found with another amount',
    before: 'unknown',
    script: (payment) => commit(payment, { amountMinor: 1n }),
    after: 'quarantined',
    attempts: 1,
    code: 'booked_otherwise',
  },
  {
    name: 'already paid',
    before: 'pending',
    script: (payment) => void (bench.billing.invoices.get(payment.invoiceExternalId)!.status = 'paid'),
    after: 'refused',
    attempts: 0,
    code: 'already_paid',
  },
  {
    name: 'another id like ours, equal amount',
    before: 'pending',
    script: (payment) => commit(payment, { transid: `PYM-${'Z'.repeat(26)}` }),
    after: 'quarantined',
    attempts: 0,
    code: 'foreign_payment',
  },
]

function commit(payment: PaymentRow, change: { amountMinor?: bigint; transid?: string } = {}): void {
  bench.billing.payments.push({
    externalId: `x${bench.billing.payments.length}`,
    invoiceExternalId: payment.invoiceExternalId,
    transid: payment.transid,
    amountMinor: payment.amountMinor,
    paidOn: '2025-04-10',
    gateway: 'banktransfer',
    ...change,
  })
}

/** The same bench with a blank script and nothing else due. */
async function fresh(before: 'pending' | 'unknown' | 'sending'): Promise<PaymentRow> {
  await bench.run(`update payments set next_attempt_at = now() + interval '1 year', lease_until = null`)
  const { invoices } = bench.billing
  Object.assign(bench.billing, { ...scriptedOnly(), invoices })
  const payment = await bench.makePayment()
  if (before === 'pending') return payment
  await bench.run(
    `update payments set state = '${before}', attempts = 1, send_started_at = now() - interval '1 hour', settled_at = now() - interval '1 minute',
            unknown_since = ${before === 'unknown' ? `now() - interval '1 hour'` : 'null'}, fence = 1,
            lease_until = ${before === 'sending' ? `now() - interval '1 second'` : 'null'}
      where transid = '${payment.transid}'`,
  )
  return bench.payment(payment.id)
}

function scriptedOnly() {
  const { onAdd, onFind, onInvoice, calls } = scriptedBilling()
  return { onAdd, onFind, onInvoice, calls }
}

describe('the state machine', () => {
  it.each(rows)('$before: $name → $after', async ({ before, script, after, attempts, code }) => {
    const payment = await fresh(before)
    script(payment)
    expect(await bench.visit()).toHaveLength(1)
    const now = await bench.payment(payment.id)
    expect({ state: now.state, attempts: now.attempts, code: now.reasonCode }).toEqual({
      state: after,
      attempts,
      code: code ?? null,
    })
    const ends = ['applied', 'refused', 'quarantined'].includes(after)
    const told = bench.settled.filter((entry) => entry.matchId === payment.matchId)
    expect(told).toEqual(ends ? [{ matchId: payment.matchId, outcome: after }] : [])
    const rowsThere = bench.billing.payments.filter((row) => row.transid === payment.transid)
    expect(rowsThere.length).toBeLessThanOrEqual(1)
  })
})

describe('unknown', () => {
  it('is looked at early, but not sent again before it has settled', async () => {
    const payment = await fresh('pending')
    bench.billing.onAdd.push(async () => unclear)
    await bench.visit()
    await bench.run(`update payments set next_attempt_at = now() where transid = '${payment.transid}'`)
    expect(await bench.visit()).toHaveLength(1)
    expect(bench.billing.calls.add).toBe(1)
    expect(await bench.payment(payment.id)).toMatchObject({ state: 'unknown', attempts: 1 })
    // It sleeps until then.
    expect(await bench.visit()).toHaveLength(0)
  })

  it('waits twice as long before each further send, and gives up after five', async () => {
    const payment = await fresh('pending')
    bench.billing.onAdd.push(async () => unclear)
    const waits: number[] = []
    for (let send = 1; send <= 5; send++) {
      await bench.visit()
      const now = await bench.payment(payment.id)
      expect(now).toMatchObject({ state: 'unknown', attempts: send })
      waits.push(Math.round((now.settledAt!.getTime() - now.sendStartedAt!.getTime()) / 1000))
      await bench.passTime(payment)
    }
    expect(waits).toEqual([120, 240, 480, 960, 1920])
    await bench.visit()
    expect(await bench.payment(payment.id)).toMatchObject({
      state: 'quarantined',
      attempts: 5,
      reasonCode: 'no_answer',
    })
    expect(bench.billing.calls.add).toBe(5)
    expect(await bench.alerts()).toContain('payment_quarantined')
    expect((await bench.events()).at(-2)).toBe('payment.quarantined')
  })

  it('waits twice the slowest answer of the installation where that is more', async () => {
    await bench.run('update whmcs_instances set slowest_answer_ms = 100000')
    const payment = await fresh('pending')
    bench.billing.onAdd.push(async () => unclear)
    await bench.visit()
    const now = await bench.payment(payment.id)
    expect(Math.round((now.settledAt!.getTime() - now.sendStartedAt!.getTime()) / 1000)).toBe(200)
    await bench.run('update whmcs_instances set slowest_answer_ms = 0')
  })

  it('counts from the last moment at which a dead worker can have started', async () => {
    const payment = await fresh('pending')
    const [leased] = await createClaim(bench)(1)
    // The worker dies on the wire: the promise never resolves.
    let arrived: () => void = () => {}
    const onWire = new Promise<void>((resolve) => (arrived = resolve))
    bench.billing.onAdd.push(() => (arrived(), new Promise(() => {})))
    void applyPayment(bench, leased!)
    await onWire
    const now = await bench.payment(payment.id)
    expect(now.state).toBe('sending')
    const { ahead } = await bench.store.read(bench.tenantId, (tx) =>
      tx.one<{ ahead: string }>(
        `select round(extract(epoch from settled_at - lease_until))::text as ahead from payments where tenant_id = $1 and transid = $2`,
        [tx.tenantUuid, payment.transid],
      ),
    )
    // Sends start until 60 s before the end of the lease; 120 s after that it has settled.
    expect(ahead).toBe('60')
  })
})

describe('the lease', () => {
  it('lost before the send: nothing is sent, nothing is written', async () => {
    const payment = await fresh('pending')
    const [leased] = await createClaim(bench)(1)
    bench.billing.onInvoice = () => void bench.billing.calls
    await bench.run(`update payments set fence = fence + 1 where transid = '${payment.transid}'`)
    await applyPayment(bench, leased!)
    expect(bench.billing.calls.add).toBe(0)
    expect(await bench.payment(payment.id)).toMatchObject({ state: 'pending', attempts: 0 })
  })

  it('too short for a send: nothing is sent', async () => {
    const payment = await fresh('pending')
    const [leased] = await createClaim(bench)(1)
    await bench.run(
      `update payments set lease_until = now() + interval '59 seconds' where transid = '${payment.transid}'`,
    )
    await applyPayment(bench, leased!)
    expect(bench.billing.calls.add).toBe(0)
    expect(await bench.payment(payment.id)).toMatchObject({ state: 'pending', attempts: 0 })
  })

  it.each(['applied', 'refused', 'unknown'] as const)('lost during the send: %s is not written', async (outcome) => {
    const payment = await fresh('pending')
    const [leased] = await createClaim(bench)(1)
    bench.billing.onAdd.push(async () => {
      await bench.run(`update payments set fence = fence + 1 where transid = '${payment.transid}'`)
      if (outcome === 'applied') return { outcome }
      return outcome === 'refused' ? { outcome, code: 'x', message: 'x' } : unclear
    })
    const audited = (await bench.audits()).length
    await applyPayment(bench, leased!)
    expect(await bench.payment(payment.id)).toMatchObject({ state: 'sending', attempts: 1 })
    expect(bench.settled.filter((entry) => entry.matchId === payment.matchId)).toEqual([])
    expect((await bench.audits()).length).toBe(audited)
  })
})

describe('an installation that is closed', () => {
  it('refuses what was never sent, and leaves to a person what was', async () => {
    const pending = await fresh('pending')
    await bench.run(`update whmcs_instances set status = 'disconnected'`)
    await bench.visit()
    expect(await bench.payment(pending.id)).toMatchObject({ state: 'refused', reasonCode: 'instance_closed' })
    await bench.run(`update whmcs_instances set status = 'active'`)
    const unknown = await fresh('unknown')
    await bench.run(`update whmcs_instances set status = 'disconnected'`)
    await bench.visit()
    expect(await bench.payment(unknown.id)).toMatchObject({ state: 'quarantined', reasonCode: 'instance_closed' })
    await bench.run(`update whmcs_instances set status = 'active'`)
  })
})
