import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPaymentBench, type PaymentBench } from '../../../test/setup/factories-payments.ts'
import { AppError } from '../../base/errors.ts'
import { newId, uuidOf } from '../../base/ids.ts'

let bench: PaymentBench
beforeAll(async () => {
  bench = await createPaymentBench()
})
afterAll(() => bench.stop())

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  )

describe('requestPayment', () => {
  it('writes the intents with their audit rows, and nothing of them when the change fails', async () => {
    const line = await bench.makeLine(30_000n)
    const [one, two] = [await bench.makeInvoice(), await bench.makeInvoice({ balanceMinor: 20_000n })]
    const parts = [
      { invoiceId: one.id, amountMinor: 10_000n },
      { invoiceId: two.id, amountMinor: 20_000n },
    ]
    const before = (await bench.audits()).length
    const rows = await bench.request({ ...line, parts })
    expect(rows.map((row) => [row.invoiceId, row.amountMinor, row.state, row.paidOn, row.attempts])).toEqual([
      [one.id, 10_000n, 'pending', '2025-04-10', 0],
      [two.id, 20_000n, 'pending', '2025-04-10', 0],
    ])
    expect((await bench.audits()).slice(before)).toEqual(['payment.request', 'payment.request'])

    const other = await bench.makeLine()
    const failing = [
      { invoiceId: one.id, amountMinor: 5_000n },
      { invoiceId: newId('inv'), amountMinor: 5_000n },
    ]
    expect(await code(bench.request({ ...other, parts: failing }))).toBe('validation_failed')
    expect((await bench.audits()).length).toBe(before + 2)
  })

  it('lets one of twenty requests for the same line win', async () => {
    const line = await bench.makeLine()
    const invoices = await Promise.all(Array.from({ length: 20 }, () => bench.makeInvoice()))
    const answers = await Promise.all(
      invoices.map(({ id }) => code(bench.request({ ...line, parts: [{ invoiceId: id, amountMinor: 10_000n }] }))),
    )
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'resource_conflict')).toHaveLength(19)
  })

  it('refuses parts that exceed the line', async () => {
    const line = await bench.makeLine(10_000n)
    const invoice = await bench.makeInvoice({ balanceMinor: 50_000n })
    expect(await code(bench.request({ ...line, parts: [{ invoiceId: invoice.id, amountMinor: 10_001n }] }))).toBe(
      'validation_failed',
    )
  })

  it('has the database as its second fence', async () => {
    const payment = await bench.makePayment()
    await expect(
      bench.run(`update payments set amount_minor = amount_minor + 1 where transid = '${payment.transid}'`),
    ).rejects.toMatchObject({ constraint: 'payments_within_transaction' })
  })

  it('pays nothing into an installation that is not proven, and says how to prove it', async () => {
    const line = await bench.makeLine()
    const invoice = await bench.makeInvoice()
    const parts = [{ invoiceId: invoice.id, amountMinor: 10_000n }]
    await bench.run('update whmcs_instances set verified_at = null')
    await expect(bench.request({ ...line, parts })).rejects.toThrow(
      `POST /api/v1/whmcs-instances/${bench.instanceId}/verify`,
    )
    await bench.run(`update whmcs_instances set verified_at = now(), status = 'disconnected'`)
    await expect(bench.request({ ...line, parts })).rejects.toThrow('disconnected')
    await bench.run(`update whmcs_instances set status = 'active'`)
    expect(await code(bench.request({ ...line, parts }))).toBe('done')
  })

  it('refuses another currency and money that went out', async () => {
    const line = await bench.makeLine()
    const invoice = await bench.makeInvoice()
    const parts = [{ invoiceId: invoice.id, amountMinor: 10_000n }]
    await bench.run(`update invoices set currency = 'USD' where id = '${uuidOf(invoice.id)}'`)
    expect(await code(bench.request({ ...line, parts }))).toBe('validation_failed')
    await bench.run(`update invoices set currency = 'EUR' where id = '${uuidOf(invoice.id)}'`)
    await bench.run(`update transactions set direction = 'debit' where id = '${uuidOf(line.transactionId)}'`)
    expect(await code(bench.request({ ...line, parts }))).toBe('validation_failed')
  })

  it('takes up a refused payment again under the same id, and makes a new generation after one taken back', async () => {
    const line = await bench.makeLine()
    const invoice = await bench.makeInvoice()
    const parts = [{ invoiceId: invoice.id, amountMinor: 10_000n }]
    const [first] = await bench.request({ ...line, parts })
    await bench.run(
      `update payments set state = 'refused', attempts = 2, reason_code = 'x', reason = 'x' where transid = '${first!.transid}'`,
    )
    const [again] = await bench.request({ ...line, parts })
    expect(again).toMatchObject({ id: first!.id, transid: first!.transid, state: 'pending', reason: null })
    expect(again!.sendsAllowed - again!.attempts).toBe(5)
    await bench.run(`update payments set state = 'reversed' where transid = '${first!.transid}'`)
    const [next] = await bench.request({ ...line, parts })
    expect(next).toMatchObject({ generation: 2, part: 1, state: 'pending' })
    expect(next!.transid).not.toBe(first!.transid)
  })

  it('gives the same id again when our own rows were lost', async () => {
    const line = await bench.makeLine()
    const invoice = await bench.makeInvoice()
    const parts = [{ invoiceId: invoice.id, amountMinor: 10_000n }]
    const [first] = await bench.request({ ...line, parts })
    // As after a restore: the payment is gone, and the mirror was built anew under another id of ours.
    await bench.run(`delete from payments where transid = '${first!.transid}'`)
    const renewed = newId('inv')
    await bench.run(`update invoices set id = '${uuidOf(renewed)}' where id = '${uuidOf(invoice.id)}'`)
    const [second] = await bench.request({ ...line, parts: [{ invoiceId: renewed, amountMinor: 10_000n }] })
    expect(second!.transid).toBe(first!.transid)
  })
})
