import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../test/setup/factories-reconciliation.ts'
import type { WhmcsSeed } from '../../../sandbox/src/whmcs/index.ts'
import { testClock } from '../base/clock.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench

beforeAll(async () => {
  app = await createTestApp({ clock })
})
afterEach(() => bench.stop())
afterAll(() => app.stop())

/** INV-1001 was booked by hand on 7 April; INV-1002 of the same client and amount is open. */
const BOOK: WhmcsSeed = {
  clients: [
    { id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' },
    { id: 2, name: 'Bruno Keller', companyname: 'Keller Media', currency: 'EUR' },
  ],
  invoices: [
    { id: 1, client: 1, number: 'INV-1001', date: '2025-04-01', due: '2025-04-15', total: '49.00', status: 'Paid' },
    { id: 2, client: 1, number: 'INV-1002', date: '2025-04-02', due: '2025-04-16', total: '49.00' },
  ],
  payments: [{ invoice: 1, amount: '49.00', transid: 'by hand', date: '2025-04-07' }],
}
const MONEY = { amount: 49, text: 'Marlow Hosting', name: 'Marlow Hosting' }

async function open(seed: WhmcsSeed = BOOK, settings: object = { mode: 'auto' }): Promise<void> {
  bench = await createReconciliationBench(app, clock, { seed, settings })
}

const booked = () => bench.whmcs.control.journal().filter((entry) => entry.kind === 'payment')
const byUs = () => booked().filter((entry) => entry.transid.startsWith('PYM-'))
const codes = (reasons: { code: string }[]) => reasons.map((reason) => reason.code)

describe('money that somebody booked by hand', () => {
  for (const mode of ['auto', 'suggest']) {
    it(`is decided with that invoice and never sent, in mode ${mode}`, async () => {
      await open(BOOK, { mode })
      const line = await bench.line({ ...MONEY, date: '2025-04-08' })
      expect(await bench.run()).toEqual({ looked: 1, suggested: 0, applied: 0, alreadyBooked: 1 })
      await bench.pay()
      const [match] = await bench.matches(line)
      expect(match).toMatchObject({
        status: 'approved',
        decided_by: 'system:already_booked',
        match_reason: 'already_booked',
        allocations: [{ invoice_number: 'INV-1001', amount: 49, currency: 'EUR' }],
        payments: [],
      })
      expect(match.decided_at).not.toBeNull()
      expect(await bench.status(line)).toBe('matched')
      expect(byUs()).toEqual([])
      const before = await bench.traces()
      await bench.run()
      expect(await bench.traces()).toEqual(before)
    })
  }

  it('takes the place of a suggestion, even of one that a person put together', async () => {
    await open({ ...BOOK, payments: [], invoices: BOOK.invoices!.slice(1) }, { mode: 'suggest' })
    const line = await bench.line(MONEY)
    const other = await bench.line({ ...MONEY, date: '2025-03-20' })
    await bench.run()
    expect((await bench.create(other, { 'INV-1002': 49 }, { apply: false })).status).toBe(201)
    await bench.seed({ payments: [{ invoice: 2, amount: '49.00', transid: 'cash', date: TODAY }] })
    await bench.run()
    expect((await bench.matches(line)).map((match) => [match.status, match.match_reason])).toMatchObject([
      ['superseded', expect.any(String)],
      ['approved', 'already_booked'],
    ])
    expect(await bench.status(other)).toBe('suggested')
  })

  it('waits for a person when the text names another open invoice of that amount', async () => {
    await open()
    const line = await bench.line({ ...MONEY, text: 'Invoice INV-1002', date: '2025-04-08' })
    expect(await bench.run()).toMatchObject({ applied: 0, suggested: 1, alreadyBooked: 0 })
    const [match] = await bench.matches(line)
    expect(match.allocations).toMatchObject([{ invoice_number: 'INV-1002' }])
    expect(codes(match.withheld)).toContain('already_booked')
  })

  it('is not seen in another currency, after more than five days, or in a card payment', async () => {
    await open({
      ...BOOK,
      clients: [...BOOK.clients!, { id: 3, name: 'Carla Dollar', companyname: 'Dollar Trading', currency: 'USD' }],
      invoices: [
        ...BOOK.invoices!,
        { id: 3, client: 3, number: 'INV-1003', date: '2025-04-01', total: '31.00', status: 'Paid' },
        { id: 4, client: 2, number: 'INV-1004', date: '2025-04-01', total: '62.00', status: 'Paid' },
      ],
      payments: [
        ...BOOK.payments!,
        { invoice: 3, amount: '31.00', transid: 'by hand 3', date: '2025-04-09' },
        { invoice: 4, amount: '62.00', transid: 'ch_3PqLkq2eZvKYlo2C', gateway: 'stripe', date: '2025-04-09' },
      ],
    })
    const lines = [
      await bench.line({ amount: 31, text: 'Dollar Trading', name: 'Dollar Trading' }),
      await bench.line({ ...MONEY, date: '2025-04-13' }),
      await bench.line({ amount: 62, text: 'Keller Media', name: 'Keller Media' }),
    ]
    expect(await bench.run()).toMatchObject({ alreadyBooked: 0 })
    expect(await bench.status(lines[2]!)).not.toBe('matched')
  })
})

describe('a payment explains one line', () => {
  it('of two equal lines the nearest in date; the other is asked about, in this run and in later ones', async () => {
    await open()
    const far = await bench.line({ ...MONEY, date: '2025-04-04' })
    const near = await bench.line({ ...MONEY, date: '2025-04-08' })
    expect(await bench.run()).toMatchObject({ alreadyBooked: 1, applied: 0, suggested: 1 })
    expect(await bench.matches(near)).toMatchObject([{ match_reason: 'already_booked', status: 'approved' }])
    const [asked] = await bench.matches(far)
    expect(asked).toMatchObject({ status: 'suggested', allocations: [{ invoice_number: 'INV-1002' }] })
    expect(codes(asked.withheld)).toContain('already_booked')
    const before = await bench.traces()
    await bench.run()
    expect(await bench.traces()).toEqual(before)
    // A person may still say what it pays.
    expect((await bench.approve(asked.id)).status).toBe(200)
    await bench.pay()
    expect(byUs()).toMatchObject([{ invoiceid: 2, amount: '49.00' }])
  })

  it('not a second equal line that comes later', async () => {
    await open()
    await bench.line({ ...MONEY, date: '2025-04-07' })
    expect(await bench.run()).toMatchObject({ alreadyBooked: 1 })
    const second = await bench.line({ ...MONEY, date: '2025-04-09' })
    expect(await bench.run()).toMatchObject({ alreadyBooked: 0, applied: 0, suggested: 1 })
    expect(codes((await bench.matches(second))[0].withheld)).toContain('already_booked')
  })

  it('two payments explain two lines, each its own', async () => {
    await open({
      ...BOOK,
      payments: [...BOOK.payments!, { invoice: 2, amount: '49.00', transid: 'by hand 2', date: '2025-04-09' }],
    })
    const first = await bench.line({ ...MONEY, date: '2025-04-07' })
    const second = await bench.line({ ...MONEY, date: '2025-04-09' })
    expect(await bench.run()).toMatchObject({ alreadyBooked: 2 })
    expect((await bench.matches(first))[0].allocations).toMatchObject([{ invoice_number: 'INV-1001' }])
    expect((await bench.matches(second))[0].allocations).toMatchObject([{ invoice_number: 'INV-1002' }])
  })

  it('the line that names the invoice comes before one that is nearer in date', async () => {
    await open()
    const named = await bench.line({ ...MONEY, text: 'Marlow INV-1001', date: '2025-04-04' })
    const near = await bench.line({ ...MONEY, date: '2025-04-07' })
    expect(await bench.run()).toMatchObject({ alreadyBooked: 1 })
    expect(await bench.matches(named)).toMatchObject([{ match_reason: 'already_booked' }])
    expect(await bench.status(near)).toBe('suggested')
  })

  it('what Payymo booked itself explains no other line', async () => {
    await open({ ...BOOK, payments: [], invoices: [{ ...BOOK.invoices![0]!, status: 'Unpaid' }] })
    const line = await bench.line({ ...MONEY, text: 'INV-1001', date: '2025-04-08' })
    expect(await bench.run()).toMatchObject({ applied: 1 })
    const equal = { ...MONEY, date: '2025-04-09' }
    const again = [await bench.line(equal), await bench.line({ ...equal, text: 'INV-1001' })]
    // While it is under way, once WHMCS holds it, and once the mirror has seen it.
    for (const step of [async () => {}, bench.pay, bench.mirror]) {
      await step()
      expect(await bench.run()).toMatchObject({ alreadyBooked: 0, applied: 0 })
      for (const id of again) expect(await bench.status(id)).toBe('unmatched')
    }
    expect(await bench.status(line)).toBe('applied')
    expect(byUs()).toHaveLength(1)
  })

  it('monthly twins: each month is its own, whoever booked it', async () => {
    const month = (n: number, status: 'Paid' | 'Unpaid') => ({
      id: n,
      client: 1,
      number: `INV-20${n}`,
      date: `2025-0${n}-01`,
      due: `2025-0${n}-15`,
      total: '49.00',
      status,
      items: [{ description: `Web hosting marlow.example 2025-0${n}`, amount: '49.00' }],
    })
    await open({
      ...BOOK,
      invoices: [month(2, 'Paid'), month(3, 'Paid'), month(4, 'Unpaid')],
      payments: [
        { invoice: 2, amount: '49.00', transid: 'by hand 2', date: '2025-02-10' },
        { invoice: 3, amount: '49.00', transid: 'by hand 3', date: '2025-03-10' },
      ],
    })
    const lines = await Promise.all(['02', '03', '04'].map((n) => bench.line({ ...MONEY, date: `2025-${n}-10` })))
    expect(await bench.run()).toEqual({ looked: 3, alreadyBooked: 2, applied: 1, suggested: 0 })
    const numbers = await Promise.all(
      lines.map(async (line) => (await bench.matches(line)).map((match) => match.allocations[0].invoice_number)),
    )
    expect(numbers).toEqual([['INV-202'], ['INV-203'], ['INV-204']])
    await bench.pay()
    expect(byUs()).toMatchObject([{ invoiceid: 4 }])
  })
})

describe('somebody was quicker', () => {
  it('the payment that WHMCS refuses becomes money booked by hand, once the mirror has seen it', async () => {
    await open({ ...BOOK, payments: [], invoices: [{ ...BOOK.invoices![0]!, status: 'Unpaid' }] })
    const line = await bench.line({ ...MONEY, text: 'INV-1001', date: '2025-04-08' })
    expect(await bench.run()).toMatchObject({ applied: 1 })
    // Between our decision and our payment, at the desk.
    bench.whmcs.control.seed({ payments: [{ invoice: 1, amount: '49.00', transid: 'by hand', date: '2025-04-09' }] })
    await bench.pay()
    expect((await bench.matches(line)).map((match) => match.status)).toEqual(['failed'])
    await bench.mirror()
    const second = await bench.line({ ...MONEY, date: '2025-04-01' })
    expect(await bench.run()).toMatchObject({ alreadyBooked: 1, applied: 0 })
    expect((await bench.matches(line)).map((match) => [match.status, match.decided_by])).toEqual([
      ['superseded', 'system:auto'],
      ['approved', 'system:already_booked'],
    ])
    expect(await bench.status(line)).toBe('matched')
    expect(await bench.status(second)).toBe('unmatched')
    expect(byUs()).toEqual([])
    const before = await bench.traces()
    await bench.run()
    expect(await bench.traces()).toEqual(before)
  })
})
