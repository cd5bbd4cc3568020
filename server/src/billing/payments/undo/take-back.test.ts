import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPaymentBench, type PaymentBench, scriptedBilling } from '../../../../test/setup/factories-payments.ts'
import { systemActor } from '../../../events/audit.ts'
import { BillingError, type SendOutcome } from '../../billing-system.ts'
import { createUndoClaim } from '../claim.ts'
import type { PaymentRow } from '../queries.ts'
import { resolvePayment } from '../resolve-payment.ts'
import { takeBack } from './take-back.ts'
import { verifyUndos } from './verify-undos.ts'
import { watchUndos } from '../watch-payments.ts'

let bench: PaymentBench
beforeAll(async () => {
  bench = await createPaymentBench()
})
afterAll(() => bench.stop())

const unclear: SendOutcome = { outcome: 'unknown', sent: true, reason: 'timeout' }
const refused: SendOutcome = { outcome: 'refused', code: 'business', message: 'No.' }
const forbidden: SendOutcome = { outcome: 'refused', code: 'permission_denied', message: 'Tick AddTransaction.' }
const unreachable = () => {
  throw new BillingError('unreachable', 'The WHMCS server does not answer.', { temporary: true })
}

/** A payment that was applied and whose taking-back is asked for, with nothing else due. `surplus`: what of it became credit. */
async function fresh({ surplusMinor = 0n } = {}): Promise<PaymentRow> {
  await bench.run(`update payments set next_attempt_at = now() + interval '1 year', lease_until = null`)
  await bench.run(`update undos set next_attempt_at = now() + interval '1 year', lease_until = null`)
  await bench.run(`update alerts set closed_at = now() where closed_at is null`)
  const { invoices } = bench.billing
  const { onAdd, onFind, onInvoice, credit, onCredit, onUndo, refunds, addsFunds, collects, calls } = scriptedBilling()
  Object.assign(bench.billing, {
    onAdd,
    onFind,
    onInvoice,
    credit,
    onCredit,
    onUndo,
    refunds,
    addsFunds,
    collects,
    calls,
  })
  Object.assign(bench.billing, { invoices, payments: [] })
  const payment = await bench.makePayment()
  await bench.visit()
  expect((await bench.payment(payment.id)).state).toBe('applied')
  const invoice = invoices.get(payment.invoiceExternalId)!
  invoice.totalMinor = 10_000n - surplusMinor
  invoice.balanceMinor = -surplusMinor
  if (surplusMinor > 0n) {
    bench.billing.credit = {
      balanceMinor: surplusMinor,
      movements: [
        { description: 'Overpayment', amountMinor: surplusMinor, invoiceExternalId: payment.invoiceExternalId },
      ],
    }
  }
  await bench.takeBack(payment)
  return payment
}

/** Visits until nothing is due. */
async function run(max = 10): Promise<void> {
  for (let n = 0; n < max; n++) if ((await bench.visitUndos()) === 0) return
}

/** Visits and lets time pass, until the work has ended. */
async function runThrough(payment: PaymentRow): Promise<void> {
  for (let n = 0; n < 40; n++) {
    await run()
    if (['done', 'needs_person', 'dropped'].includes((await bench.undo(payment)).state)) return
    await bench.passTime(payment)
  }
}

const outs = (payment: PaymentRow) =>
  bench.billing.payments.filter((row) => row.amountMinor < 0n && row.invoiceExternalId === payment.invoiceExternalId)
const mine = (payment: PaymentRow) => bench.billing.payments.find((row) => row.transid === payment.transid)!
const invoiceOf = (payment: PaymentRow) => bench.billing.invoices.get(payment.invoiceExternalId)!
const settledAs = (payment: PaymentRow) =>
  bench.settled.filter((entry) => entry.matchId === payment.matchId).map((entry) => entry.outcome)

describe('taking back', () => {
  it('writes each step once, and counts it when it is seen', async () => {
    const payment = await fresh({ surplusMinor: 3_000n })
    await run()
    expect(await bench.undo(payment)).toMatchObject({ state: 'done', attempts: 3, surplusMinor: 3_000n, remaining: [] })
    expect((await bench.payment(payment.id)).state).toBe('reversed')
    expect(bench.billing.calls).toMatchObject({ money: 1, reopen: 1, credit: 1 })
    expect(outs(payment)).toMatchObject([{ amountMinor: -10_000n, transid: (await bench.undo(payment)).transid }])
    expect(invoiceOf(payment)).toMatchObject({ status: 'unpaid', balanceMinor: 7_000n })
    expect(bench.billing.credit.balanceMinor).toBe(0n)
    expect(settledAs(payment)).toEqual(['applied', 'undone'])
    expect(await bench.visitUndos()).toBe(0)
  })

  it('reopens nothing where the invoice was paid in part only', async () => {
    const part = await fresh()
    Object.assign(invoiceOf(part), { status: 'unpaid', balanceMinor: 500n, totalMinor: 10_500n })
    await run()
    expect(await bench.undo(part)).toMatchObject({ state: 'done', attempts: 1 })
    expect(invoiceOf(part)).toMatchObject({ status: 'unpaid', balanceMinor: 10_500n })
  })

  it('money that comes in meanwhile is not mistaken for surplus', async () => {
    const payment = await fresh()
    bench.billing.onUndo.push(async (_step, write) => {
      write()
      bench.billing.payments.push({ ...mine(payment), externalId: '99', transid: 'by card' })
      Object.assign(invoiceOf(payment), { status: 'paid', balanceMinor: 0n })
      return unclear
    })
    await runThrough(payment)
    expect(await bench.undo(payment)).toMatchObject({ state: 'done', surplusMinor: 0n })
    expect(bench.billing.calls).toMatchObject({ money: 1, reopen: 0, credit: 0 })
  })

  it('reads the surplus off the rows where nothing was remembered, as after a restore', async () => {
    const payment = await fresh({ surplusMinor: 3_000n })
    const { transid } = await bench.undo(payment)
    bench.billing.payments.push({ ...mine(payment), externalId: '50', transid, amountMinor: -10_000n })
    bench.billing.payments.push({ ...mine(payment), externalId: '51', transid: 'by card', amountMinor: 7_000n })
    Object.assign(invoiceOf(payment), { status: 'paid', balanceMinor: 0n })
    await run()
    expect(await bench.undo(payment)).toMatchObject({ state: 'done' })
    expect(bench.billing.calls).toMatchObject({ money: 0, reopen: 0, credit: 1 })
    expect(bench.billing.credit.movements.at(-1)).toMatchObject({ amountMinor: -3_000n })
  })
})

/** What the answer says of each write, and whether it took effect: at the end everything is there once, whatever it was. */
const ANSWERS: [name: string, answer: (write: () => void) => Promise<SendOutcome>][] = [
  ['no clear answer, nothing committed', async () => unclear],
  ['no clear answer, committed', async (write) => (write(), unclear)],
  ['an adapter that throws', async () => Promise.reject(new Error('bug'))],
  ['not a byte left', async () => ({ outcome: 'unknown', sent: false, reason: 'ECONNREFUSED' })],
  ['breaker or bulkhead says later', async () => ({ outcome: 'unknown', sent: false, reason: 'busy' })],
  ['WHMCS does not let us in', async () => ({ outcome: 'refused', code: 'ip_not_allowed', message: 'Add it.' })],
  ['a named error although it was done', async (write) => (write(), refused)],
]

describe('whatever a write answers', () => {
  for (const [name, answer] of ANSWERS) {
    it.each([0, 1, 2])(`${name}, step %i: each effect once`, async (step) => {
      const payment = await fresh({ surplusMinor: 3_000n })
      const plain = async (_: string, write: () => void): Promise<SendOutcome> => (write(), { outcome: 'applied' })
      for (let n = 0; n < step; n++) bench.billing.onUndo.push(plain)
      bench.billing.onUndo.push((_, write) => answer(write))
      await runThrough(payment)
      expect(await bench.undo(payment)).toMatchObject({ state: 'done', remaining: [] })
      expect(outs(payment)).toHaveLength(1)
      expect(invoiceOf(payment)).toMatchObject({ status: 'unpaid', balanceMinor: 7_000n })
      expect(bench.billing.credit.balanceMinor).toBe(0n)
      expect(bench.billing.credit.movements).toHaveLength(2)
      expect(settledAs(payment)).toEqual(['applied', 'undone'])
    })
  }
})

describe('unknown', () => {
  it('is looked at early, not sent again before it has settled, twice as long each time, five times', async () => {
    const payment = await fresh()
    const waits: number[] = []
    for (let send = 1; send <= 5; send++) {
      bench.billing.onUndo.push(async () => unclear)
      await bench.visitUndos()
      const now = await bench.undo(payment)
      expect(now).toMatchObject({ state: 'unknown', attempts: send, step: 'money' })
      waits.push(Math.round((now.settledAt!.getTime() - now.sendStartedAt!.getTime()) / 1000))
      await bench.run(`update undos set next_attempt_at = now() where transid = '${now.transid}'`)
      await bench.visitUndos()
      expect(bench.billing.calls.money).toBe(send)
      await bench.passTime(payment)
    }
    expect(waits).toEqual([120, 240, 480, 960, 1920])
    await bench.visitUndos()
    expect(await bench.undo(payment)).toMatchObject({ state: 'needs_person', reasonCode: 'no_answer' })
    expect(bench.billing.calls.money).toBe(5)
    expect(await bench.alerts()).toEqual(['undo_needs_person'])
    expect(settledAs(payment)).toEqual(['applied', 'undo_stopped'])
    expect((await bench.payment(payment.id)).state).toBe('applied')

    // Retry: up to five more; it may as well have arrived after all.
    await resolvePayment(bench, bench.tenantId, systemActor('person'), payment.id, 'retry')
    await run()
    expect(await bench.undo(payment)).toMatchObject({ state: 'done' })
    expect(outs(payment)).toHaveLength(1)
    expect(await bench.alerts()).toEqual([])
  })

  it('a step has sends of its own', async () => {
    const payment = await fresh()
    for (let n = 0; n < 4; n++) bench.billing.onUndo.push(async () => unclear)
    bench.billing.onUndo.push(async (_, write) => (write(), unclear))
    for (let n = 0; n < 4; n++) bench.billing.onUndo.push(async () => unclear)
    await runThrough(payment)
    expect(await bench.undo(payment)).toMatchObject({ state: 'done' })
    expect(bench.billing.calls).toMatchObject({ money: 5, reopen: 5 })
  })

  it('said to be done and not shown: no second effect, a person looks', async () => {
    const payment = await fresh()
    bench.billing.onUndo.push(async () => ({ outcome: 'applied' }))
    await runThrough(payment)
    expect(await bench.undo(payment)).toMatchObject({ state: 'needs_person', reasonCode: 'not_shown', takenAt: null })
    expect(bench.billing.calls.money).toBe(1)
  })

  it('a dead worker counts as unknown, and one of a quarter of an hour has an alert', async () => {
    const payment = await fresh()
    await bench.run(
      `update undos set state = 'sending', step = 'money', attempts = 1, send_started_at = now() - interval '1 hour', settled_at = now() - interval '1 minute',
              lease_until = now() - interval '1 second', next_attempt_at = now() + interval '1 hour' where transid = '${(await bench.undo(payment)).transid}'`,
    )
    await watchUndos(bench)
    expect(await bench.undo(payment)).toMatchObject({ state: 'unknown' })
    await watchUndos(bench)
    expect(await bench.alerts()).toEqual(['undo_unknown'])
    await bench.passTime(payment)
    await run()
    expect(await bench.undo(payment)).toMatchObject({ state: 'done', attempts: 3 })
    expect(await bench.alerts()).toEqual([])
  })
})

describe('what stands in the way', () => {
  const stops: [name: string, code: string, script: (payment: PaymentRow) => void][] = [
    ['the payment is gone', 'payment_gone', () => void (bench.billing.payments = [])],
    [
      'the payment is there twice',
      'paid_otherwise',
      (payment) => void bench.billing.payments.push({ ...mine(payment), externalId: 'twin' }),
    ],
    ['the payment has another amount', 'paid_otherwise', (payment) => void (mine(payment).amountMinor = 1n)],
    [
      'money out by another hand',
      'returned_already',
      (payment) =>
        void bench.billing.payments.push({ ...mine(payment), externalId: '90', transid: 'refund', amountMinor: -500n }),
    ],
    [
      'the invoice is gone',
      'invoice_missing',
      (payment) => void bench.billing.invoices.delete(payment.invoiceExternalId),
    ],
    ['a refunded invoice', 'invoice_closed', (payment) => void (invoiceOf(payment).status = 'refunded')],
    ['an invoice in collections', 'invoice_closed', (payment) => void (invoiceOf(payment).status = 'collections')],
    ['a mass payment', 'mass_payment', () => void (bench.billing.collects = ['1', '2'])],
    ['bought credit', 'adds_funds', () => void (bench.billing.addsFunds = true)],
    ['a refusal', 'refused', () => void bench.billing.onUndo.push(async () => refused)],
    ['no permission', 'refused', () => void bench.billing.onUndo.push(async () => forbidden)],
    [
      'our id over another amount',
      'booked_otherwise',
      (payment) =>
        void bench
          .undo(payment)
          .then(({ transid }) =>
            bench.billing.payments.push({ ...mine(payment), externalId: '91', transid, amountMinor: -1n }),
          ),
    ],
  ]
  it.each(stops)('%s: nothing goes out, and a person is told', async (_name, code, script) => {
    const payment = await fresh()
    script(payment)
    await bench.undo(payment)
    const before = bench.billing.payments.length
    await runThrough(payment)
    const undo = await bench.undo(payment)
    expect(undo).toMatchObject({ state: 'needs_person', reasonCode: code })
    expect(undo.remaining.join()).toMatch(/WHMCS/)
    expect(bench.billing.payments).toHaveLength(before)
    expect(await bench.alerts()).toEqual(['undo_needs_person'])
    expect((await bench.payment(payment.id)).state).toBe('applied')
  })

  it('money out that gives back another row does not', async () => {
    const payment = await fresh()
    bench.billing.payments.push({ ...mine(payment), externalId: '92', transid: 'refund', amountMinor: -500n })
    bench.billing.refunds.set('92', '77')
    await run()
    expect(await bench.undo(payment)).toMatchObject({ state: 'done' })
  })

  it('money out that a person overruled does not', async () => {
    const payment = await fresh()
    bench.billing.payments.push({ ...mine(payment), externalId: '93', transid: 'refund', amountMinor: -500n })
    await run()
    expect(await bench.undo(payment)).toMatchObject({ reasonCode: 'returned_already' })
    await resolvePayment(bench, bench.tenantId, systemActor('person'), payment.id, 'retry')
    await run()
    expect(await bench.undo(payment)).toMatchObject({ state: 'done', overruledIds: ['93'] })
  })

  it('a payment that a person declared to be there', async () => {
    const payment = await fresh()
    await bench.run(`update payments set resolution = 'applied' where transid = '${payment.transid}'`)
    await run()
    expect(await bench.undo(payment)).toMatchObject({ reasonCode: 'declared_by_person' })
    expect(bench.billing.calls.money).toBe(0)
  })

  it('a look-up that fails: nothing is sent, and it goes on when WHMCS answers', async () => {
    const payment = await fresh()
    bench.billing.onFind = unreachable
    await run()
    expect(await bench.undo(payment)).toMatchObject({ state: 'pending', attempts: 0, reasonCode: 'unreachable' })
    await bench.run(
      `update undos set created_at = now() - interval '2 hours' where transid = '${(await bench.undo(payment)).transid}'`,
    )
    await watchUndos(bench)
    expect(await bench.alerts()).toEqual(['undo_delayed'])
    bench.billing.onFind = () => {}
    await bench.passTime(payment)
    await run()
    expect(await bench.undo(payment)).toMatchObject({ state: 'done' })
    expect(await bench.alerts()).toEqual([])
  })

  it('a refused reopening does not keep credit from being taken back', async () => {
    const payment = await fresh({ surplusMinor: 3_000n })
    bench.billing.onUndo.push(
      async (_, write) => (write(), { outcome: 'applied' }),
      async () => refused,
    )
    await runThrough(payment)
    const undo = await bench.undo(payment)
    expect(undo).toMatchObject({ state: 'needs_person', reasonCode: 'incomplete' })
    expect(undo.remaining).toEqual([expect.stringMatching(/^Set invoice .* back to Unpaid .* refused it: No\.$/)])
    expect(bench.billing.credit.balanceMinor).toBe(0n)
    expect(undo.takenAt).not.toBeNull()
  })

  const credits: [name: string, words: RegExp, script: () => void][] = [
    ['used meanwhile', /has used credit/, () => void (bench.billing.credit.balanceMinor = 2_999n)],
    [
      'of another invoice',
      /no credit of that amount/,
      () => void (bench.billing.credit.movements[0]!.invoiceExternalId = '1'),
    ],
    [
      'that may not be read',
      /may not read the credit/,
      () =>
        void (bench.billing.onCredit = () => {
          throw new BillingError('permission_denied', 'Tick GetCredits.', { temporary: false })
        }),
    ],
  ]
  it.each(credits)('credit %s is left', async (_name, words, script) => {
    const payment = await fresh({ surplusMinor: 3_000n })
    script()
    await runThrough(payment)
    const undo = await bench.undo(payment)
    expect(undo).toMatchObject({ state: 'needs_person', reasonCode: 'incomplete' })
    expect(undo.remaining).toEqual([expect.stringMatching(words)])
    expect(bench.billing.calls.credit).toBe(0)
  })

  it('an installation that is closed, and a tenant at rest', async () => {
    const closed = await fresh()
    await bench.run(`update whmcs_instances set status = 'disconnected'`)
    await run()
    expect(await bench.undo(closed)).toMatchObject({ state: 'needs_person', reasonCode: 'instance_closed' })
    await bench.run(`update whmcs_instances set status = 'active'`)
    const resting = await fresh()
    await bench.run(`update tenants set status = 'suspended'`)
    expect(await bench.visitUndos()).toBe(0)
    await bench.run(`update tenants set status = 'active'`)
    await run()
    expect(await bench.undo(resting)).toMatchObject({ state: 'done' })
  })
})

describe('comparing again', () => {
  it.each([
    [
      'went out twice',
      (payment: PaymentRow) => void bench.billing.payments.push({ ...outs(payment)[0]!, externalId: 'twin' }),
    ],
    [
      'was removed',
      (payment: PaymentRow) => void bench.billing.payments.splice(bench.billing.payments.indexOf(mine(payment)), 1),
    ],
    ['stands on another invoice', (payment: PaymentRow) => void (outs(payment)[0]!.invoiceExternalId = '1')],
  ])('once a day: what %s is told once, and nothing is changed', async (_name, tamper) => {
    const payment = await fresh()
    await run()
    const aDay = () =>
      bench.run(`update undos set done_at = done_at - interval '1 day', checked_at = checked_at - interval '1 day'`)
    expect(await verifyUndos(bench)).toBe(0)
    await bench.run(
      `update undos set done_at = now() - interval '8 days' where transid <> '${(await bench.undo(payment)).transid}'`,
    )
    await aDay()
    expect(await verifyUndos(bench)).toBe(1)
    expect(await bench.alerts()).toEqual([])
    tamper(payment)
    const { calls } = structuredClone({ calls: bench.billing.calls })
    await aDay()
    await verifyUndos(bench)
    await aDay()
    await verifyUndos(bench)
    expect(await bench.alerts()).toEqual(['ledger_difference'])
    expect(bench.billing.calls).toMatchObject({ money: calls.money, reopen: calls.reopen, add: calls.add })
  })
})

describe('the lease', () => {
  it.each([
    ['lost', 'fence = fence + 1'],
    ['too short for a send', `lease_until = now() + interval '59 seconds'`],
  ])('%s before the send: nothing is sent', async (_name, change) => {
    const payment = await fresh()
    const [leased] = await createUndoClaim(bench)(1)
    await bench.run(`update undos set ${change} where transid = '${leased!.transid}'`)
    await takeBack(bench, leased!)
    expect(bench.billing.calls.money).toBe(0)
    expect(await bench.undo(payment)).toMatchObject({ state: 'pending', attempts: 0 })
  })

  it.each(['applied', 'refused', 'unknown'] as const)('lost during the send: %s is not written', async (outcome) => {
    const payment = await fresh()
    const [leased] = await createUndoClaim(bench)(1)
    bench.billing.onUndo.push(async () => {
      await bench.run(`update undos set fence = fence + 1 where transid = '${leased!.transid}'`)
      if (outcome === 'applied') return { outcome }
      return outcome === 'refused' ? refused : unclear
    })
    const audited = (await bench.audits()).length
    await takeBack(bench, leased!)
    expect(await bench.undo(payment)).toMatchObject({ state: 'sending', attempts: 1, answered: null, refusals: {} })
    expect((await bench.audits()).length).toBe(audited)
  })

  it('lost before the end: nothing is written', async () => {
    const payment = await fresh()
    await bench.visitUndos()
    await bench.visitUndos()
    const [leased] = await createUndoClaim(bench)(1)
    await bench.run(`update undos set fence = fence + 1 where transid = '${leased!.transid}'`)
    await takeBack(bench, leased!)
    expect(await bench.undo(payment)).toMatchObject({ state: 'pending' })
    expect((await bench.payment(payment.id)).state).toBe('applied')
  })

  it('is held by one of eight workers, shared with payments of the invoice', async () => {
    const payment = await fresh()
    const claims = await Promise.all(Array.from({ length: 8 }, () => createUndoClaim(bench)(5)))
    expect(claims.flat()).toHaveLength(1)
    // A payment of the same invoice waits until it is through.
    const other = await bench.makePayment({ invoice: { id: payment.invoiceId } })
    expect((await bench.visit()).map((row) => row.id)).not.toContain(other.id)
    await takeBack(bench, claims.flat()[0]!)
    await bench.run(`update payments set lease_until = now() + interval '1 minute' where transid = '${other.transid}'`)
    expect(await bench.visitUndos()).toBe(0)
    await bench.run(`update payments set lease_until = null, state = 'refused' where transid = '${other.transid}'`)
    await run()
    expect(await bench.undo(payment)).toMatchObject({ state: 'done' })
  })
})
