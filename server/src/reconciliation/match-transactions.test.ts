import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../test/setup/factories-reconciliation.ts'
import { makeAccount } from '../../test/setup/factories.ts'
import type { WhmcsSeed } from '../../../sandbox/src/whmcs/index.ts'
import { testClock } from '../base/clock.ts'
import { type Id, uuidOf } from '../base/ids.ts'
import { systemActor } from '../events/audit.ts'
import { lockTransaction } from '../transactions/index.ts'
import { approve } from './approve-match.ts'
import { getMatch } from './queries.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
const benches: ReconciliationBench[] = []

beforeAll(async () => {
  app = await createTestApp({ clock })
})
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop()
})
afterAll(() => app.stop())

async function open(options: { settings?: object; proven?: boolean; seed?: WhmcsSeed } = {}) {
  const bench = await createReconciliationBench(app, clock, { seed: BOOK, ...options })
  benches.push(bench)
  return bench
}

const BOOK: WhmcsSeed = {
  clients: [
    { id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' },
    { id: 2, name: 'Bruno Keller', companyname: 'Keller Media', currency: 'EUR' },
  ],
  invoices: [
    { id: 1, client: 1, number: 'INV-1001', date: '2025-04-01', due: '2025-04-15', total: '49.00' },
    { id: 2, client: 2, number: 'INV-1002', date: '2025-04-01', due: '2025-04-15', total: '80.00' },
  ],
}
const SURE = { amount: 49, text: 'Invoice INV-1001', name: 'Marlow Hosting' }

describe('mode auto', () => {
  it('books what is sure, once, and suggests the rest', async () => {
    const bench = await open()
    const sure = await bench.line(SURE)
    const part = await bench.line({ amount: 30, text: 'Keller Media, first part', name: 'Keller Media' })
    const other = await bench.line({ amount: 7777, text: 'Salary', name: 'Nobody Known' })
    expect(await bench.run()).toEqual({ looked: 3, suggested: 1, applied: 1, alreadyBooked: 0 })
    expect(await bench.status(sure)).toBe('matched')
    expect(await bench.status(part)).toBe('suggested')
    expect(await bench.status(other)).toBe('unmatched')

    await bench.pay()
    await bench.run()
    await bench.pay()
    expect(await bench.status(sure)).toBe('applied')
    expect(await bench.matches(sure)).toMatchObject([
      { status: 'applied', decided_by: 'system:auto', allocations: [{ invoice_number: 'INV-1001', amount: 49 }] },
    ])
    expect(bench.whmcs.control.journal().filter((entry) => entry.kind === 'payment')).toMatchObject([
      { invoiceid: 1, amount: '49.00', date: `${TODAY} 00:00:00` },
    ])
  })

  it('a second run writes nothing', async () => {
    const bench = await open()
    await bench.line(SURE)
    await bench.line({ ...SURE, date: '2025-04-09' })
    await bench.line({ amount: 30, text: 'Keller Media', name: 'Keller Media' })
    await bench.run()
    for (const step of [async () => {}, bench.pay, bench.mirror]) {
      await step()
      await bench.run()
      const before = await bench.traces()
      await bench.run()
      expect(await bench.traces()).toEqual(before)
    }
    expect(bench.whmcs.control.journal().filter((entry) => entry.kind === 'payment')).toHaveLength(1)
  })

  it('equal lines for one invoice: one is booked, the other never', async () => {
    const bench = await open()
    const lines = [await bench.line(SURE), await bench.line(SURE), await bench.line(SURE)]
    for (let n = 0; n < 3; n += 1) {
      await bench.run()
      await bench.pay()
      await bench.mirror()
    }
    const statuses = await Promise.all(lines.map(bench.status))
    expect(statuses.filter((status) => ['matched', 'applied'].includes(status)).length).toBeLessThanOrEqual(1)
    expect(bench.whmcs.control.journal().filter((entry) => entry.kind === 'payment').length).toBeLessThanOrEqual(1)
  })

  it('a number that Payymo has booked, quoted again days later, waits for a person though another invoice has the amount', async () => {
    const bench = await open()
    await bench.line({ ...SURE, date: '2025-04-03' })
    await bench.run()
    await bench.pay()
    await bench.seed({
      invoices: [{ id: 3, client: 1, number: 'INV-1003', date: '2025-04-02', due: '2025-04-16', total: '49.00' }],
    })
    const again = await bench.line({ ...SURE, text: 'Marlow Hosting INV-1001 thanks', date: TODAY })
    await bench.run()
    await bench.pay()
    expect(await bench.status(again)).not.toBe('matched')
    expect(bench.whmcs.control.journal().filter((entry) => entry.kind === 'payment')).toHaveLength(1)
  })

  it('equal payments of one client that name their own invoices are both booked, though they come in two runs', async () => {
    const bench = await open()
    await bench.seed({
      invoices: [{ id: 3, client: 1, number: 'INV-1003', date: '2025-04-02', due: '2025-04-16', total: '49.00' }],
    })
    await bench.line({ ...SURE, date: '2025-04-08' })
    await bench.run()
    await bench.pay()
    await bench.mirror()
    const second = await bench.line({ ...SURE, text: 'Invoice INV-1003', date: '2025-04-09' })
    expect(await bench.run()).toMatchObject({ applied: 1, alreadyBooked: 0 })
    expect(await bench.matches(second)).toMatchObject([{ allocations: [{ invoice_number: 'INV-1003' }] }])
  })
})

describe('what keeps a sure line from being applied', () => {
  it('a mode other than auto', async () => {
    const bench = await open({ settings: { mode: 'suggest' } })
    const line = await bench.line(SURE)
    expect(await bench.run()).toMatchObject({ applied: 0, suggested: 1 })
    expect(await bench.status(line)).toBe('suggested')
    expect(await bench.matches(line)).toMatchObject([{ status: 'suggested', withheld: [] }])
  })

  it('that it may be the same line as another', async () => {
    const bench = await open()
    const other = await bench.line({ amount: 3, text: 'other' })
    const line = await bench.line(SURE)
    await app.store.read(bench.tenant.id, (tx) =>
      tx.run('update transactions set possible_duplicate_of = $3 where tenant_id = $1 and id = $2', [
        tx.tenantUuid,
        uuidOf(line),
        uuidOf(other),
      ]),
    )
    expect(await bench.run()).toMatchObject({ applied: 0, suggested: 1 })
    expect((await bench.matches(line))[0].withheld).toMatchObject([{ code: 'possible_duplicate' }])
  })

  it('money from before start_on, and without it from before the first account', async () => {
    const bench = await open({ settings: { mode: 'auto', start_on: TODAY } })
    const line = await bench.line({ ...SURE, date: '2025-04-09' })
    expect(await bench.run()).toMatchObject({ applied: 0, suggested: 1 })
    expect((await bench.matches(line))[0].withheld).toMatchObject([{ code: 'veto_start_on' }])

    const late = await open({})
    await app.store.read(late.tenant.id, (tx) =>
      tx.run("update accounts set first_seen_on = '2025-04-10' where tenant_id = $1", [tx.tenantUuid]),
    )
    await late.line({ ...SURE, date: '2025-04-09' })
    expect(await late.run()).toMatchObject({ applied: 0, suggested: 1 })
  })

  it('an amount above the limit, or a limit in another currency than the line', async () => {
    const bench = await open({ settings: { mode: 'auto', max_auto_amount: '48.99' } })
    const line = await bench.line(SURE)
    expect(await bench.run()).toMatchObject({ applied: 0, suggested: 1 })
    expect((await bench.matches(line))[0].withheld).toMatchObject([{ code: 'veto_max_amount' }])

    const abroad = await open({ settings: { mode: 'auto', max_auto_amount: '500' }, seed: DOLLARS })
    const dollars = await makeAccount(app, abroad.tenant, { currency: 'USD' })
    const paid = await abroad.line({ ...SURE, currency: 'USD', account: dollars })
    expect(await abroad.run()).toMatchObject({ applied: 0, suggested: 1 })
    expect((await abroad.matches(paid))[0].withheld).toMatchObject([{ code: 'veto_max_amount' }])
  })

  it('an installation that is not proven: it stays a suggestion, and runs do not repeat themselves', async () => {
    const bench = await open({ proven: false })
    const line = await bench.line(SURE)
    expect(await bench.run()).toMatchObject({ applied: 0, suggested: 1 })
    const before = await bench.traces()
    await bench.run()
    expect(await bench.traces()).toEqual(before)
    const [match] = await bench.matches(line)
    expect((await bench.approve(match.id)).body.error).toMatchObject({ code: 'validation_failed' })
    expect(await bench.traces()).toEqual(before)
  })

  it('a sure suggestion of before is booked in its place once automation is switched on', async () => {
    const bench = await open({ settings: { mode: 'suggest' } })
    const line = await bench.line(SURE)
    await bench.run()
    const [suggested] = await bench.matches(line)
    await bench.set({ mode: 'auto' })
    expect(await bench.run()).toMatchObject({ applied: 1, suggested: 0 })
    expect(await bench.matches(line)).toMatchObject([
      { id: suggested.id, status: 'approved', decided_by: 'system:auto' },
    ])
  })
})

const DOLLARS: WhmcsSeed = {
  clients: [{ id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'USD' }],
  invoices: [{ id: 1, client: 1, number: 'INV-1001', date: '2025-04-01', due: '2025-04-15', total: '49.00' }],
}

describe('nothing is kept', () => {
  for (const mode of ['off', 'shadow']) {
    it(`in mode ${mode}`, async () => {
      const bench = await open({ settings: { mode } })
      const line = await bench.line(SURE)
      const before = await bench.traces()
      expect(await bench.run()).toEqual({ looked: 0, suggested: 0, applied: 0, alreadyBooked: 0 })
      expect(await bench.traces()).toEqual(before)
      expect(await bench.status(line)).toBe('unmatched')
    })
  }

  it('before every installation is mirrored in full', async () => {
    const bench = await open()
    await app.store.read(bench.tenant.id, (tx) =>
      tx.run(
        `insert into whmcs_instances (tenant_id, id, system_url, installation, mode, sealed_webhook_secret, status, proof_token)
         values ($1, gen_random_uuid(), 'https://second.example', 'second.example', 'api', '', 'pending', 'token')`,
        [tx.tenantUuid],
      ),
    )
    await bench.line(SURE)
    const before = await bench.traces()
    expect(await bench.run()).toMatchObject({ looked: 0 })
    expect(await bench.traces()).toEqual(before)
  })
})

describe('one balance', () => {
  it('approvals in one transaction see what each other promised', async () => {
    const bench = await open({ settings: { mode: 'suggest' } })
    const made = await Promise.all(
      [49, 40].map(async (amount) => {
        const line = await bench.line({ amount })
        return (await bench.create(line, { 'INV-1001': amount }, { apply: false })).body.id as Id<'match'>
      }),
    )
    const faults = await app.store.change(bench.tenant.id, systemActor('test'), async (tx) => {
      const found = []
      for (const id of made) {
        const match = (await getMatch(tx, id))!
        found.push((await approve(tx, match, (await lockTransaction(tx, match.transactionId))!, 'test'))?.code)
      }
      return found
    })
    expect(faults).toEqual([undefined, 'resource_conflict'])
  })

  it('what a person takes during a run is not promised a second time', async () => {
    const bench = await open()
    const [sure, other] = [await bench.line(SURE), await bench.line({ amount: 10, name: 'Somebody' })]
    let asked = false
    const store: TestApp['store'] = {
      ...app.store,
      change: async (...of) => {
        if (!asked) {
          asked = true
          expect((await bench.create(other, { 'INV-1001': 10 })).status).toBe(201)
        }
        return app.store.change(...of)
      },
    }
    expect(await bench.run(store)).toMatchObject({ applied: 0, suggested: 1 })
    await bench.pay()
    expect(await bench.status(sure)).toBe('suggested')
    // Seen anew, it pays what is left and no more.
    await bench.run()
    await bench.pay()
    expect((await bench.matches(sure)).at(-1).allocations).toMatchObject([{ invoice_number: 'INV-1001', amount: 39 }])
    const booked = bench.whmcs.control.journal().filter((entry) => entry.kind === 'payment')
    expect(booked.map((entry) => entry.amount)).toEqual(['10.00', '39.00'])
  })

  it('runs and people at the same moment wait for each other without end or error', async () => {
    const bench = await open()
    const numbers = Array.from({ length: 12 }, (_, n) => `INV-${2001 + n}`)
    await bench.seed({
      invoices: numbers.map((number, n) => ({ id: 2001 + n, client: 1, number, date: '2025-04-01', total: '49.00' })),
    })
    const lines = await Promise.all(numbers.map((number) => bench.line({ ...SURE, text: `Invoice ${number}` })))
    const people = lines.map((line, n) => bench.create(line, { [numbers[11 - n]!]: 20, [numbers[(n + 5) % 12]!]: 20 }))
    const [, answers] = await Promise.all([bench.run(), Promise.all(people), bench.mirror()])
    expect(answers.map(({ status }) => status).filter((status) => ![201, 409, 422].includes(status))).toEqual([])
    await bench.pay()
    await bench.mirror()
    const over = (await bench.get('/invoices?per_page=100')).data.filter((row: { balance: number }) => row.balance < 0)
    expect(over).toEqual([])
  })
})

describe('people and the engine', () => {
  it('a decision that a person makes during a run stands', async () => {
    const bench = await open()
    const line = await bench.line(SURE)
    let asked = false
    const store: TestApp['store'] = {
      ...app.store,
      change: async (...of) => {
        if (!asked) {
          asked = true
          expect((await bench.create(line, { 'INV-1002': 49 })).status).toBe(201)
        }
        return app.store.change(...of)
      },
    }
    expect(await bench.run(store)).toMatchObject({ applied: 0, suggested: 0 })
    expect(asked).toBe(true)
    expect(await bench.matches(line)).toMatchObject([
      { status: 'approved', allocations: [{ invoice_number: 'INV-1002', amount: 49 }] },
    ])
  })

  it('a rejection during a run stands, too: the pair is not suggested again, then or later', async () => {
    const bench = await open({ settings: { mode: 'suggest' } })
    const line = await bench.line(SURE)
    await bench.run()
    const [match] = await bench.matches(line)
    // Better evidence arrives, so that the run has something to keep.
    await bench.seed({ clients: [{ id: 1, name: 'Ada Marlow', companyname: 'Marlow Holdings Ltd', currency: 'EUR' }] })
    const store: TestApp['store'] = {
      ...app.store,
      change: async (...of) => {
        await bench.reject(match.id)
        return app.store.change(...of)
      },
    }
    await bench.run(store)
    await bench.reject(match.id)
    await bench.run()
    await bench.set({ mode: 'auto' })
    await bench.run()
    expect(await bench.matches(line)).toMatchObject([{ status: 'rejected' }])
    expect(await bench.status(line)).toBe('unmatched')
  })

  it('after a rejection the next best is suggested, and never applied without a person', async () => {
    const bench = await open({ settings: { mode: 'suggest' } })
    await bench.seed({
      invoices: [{ id: 3, client: 1, number: 'INV-1003', date: '2025-04-02', due: '2025-04-16', total: '49.00' }],
    })
    const line = await bench.line({ amount: 49, text: 'Marlow Hosting', name: 'Marlow Hosting' })
    await bench.run()
    const [first] = await bench.matches(line)
    await bench.reject(first.id)
    await bench.set({ mode: 'auto', auto_threshold: 0.5 })
    await bench.run()
    const all = await bench.matches(line)
    expect(all.map((match) => match.status)).toEqual(['rejected', 'suggested'])
    expect(all[1].allocations[0].invoice_number).not.toBe(first.allocations[0].invoice_number)
    expect(all[1].withheld.map((reason: { code: string }) => reason.code)).toContain('refused_before')
  })

  it('a suggestion gives way when better evidence arrives', async () => {
    const bench = await open({ settings: { mode: 'suggest' } })
    const line = await bench.line({ amount: 120, text: 'Marlow Hosting INV-1009', name: 'Marlow Hosting' })
    await bench.run()
    const before = await bench.matches(line)
    await bench.seed({
      invoices: [{ id: 9, client: 1, number: 'INV-1009', date: '2025-04-02', due: '2025-04-16', total: '120.00' }],
    })
    await bench.run()
    const after = await bench.matches(line)
    expect(before.map((match) => match.status)).toEqual(['suggested'])
    expect(after.map((match) => match.status)).toEqual(['superseded', 'suggested'])
    expect(after[1].allocations).toMatchObject([{ invoice_number: 'INV-1009', amount: 120 }])
    expect(after[1].confidence).toBeGreaterThan(after[0].confidence)
  })

  it("a suggestion that nothing supports any more goes, and a person's own suggestion stays", async () => {
    const bench = await open({ settings: { mode: 'suggest' } })
    const line = await bench.line(SURE)
    const own = await bench.line({ amount: 20, text: 'cash', name: 'Nobody Known' })
    expect((await bench.create(own, { 'INV-1002': 20 }, { apply: false })).status).toBe(201)
    await bench.run()
    await bench.seed({ remove: { invoices: [1] } })
    bench.whmcs.control.seed({
      invoices: [{ id: 1, client: 1, number: 'INV-1001', total: '49.00', status: 'Cancelled' }],
    })
    await bench.mirror()
    await bench.run()
    expect((await bench.matches(line)).map((match) => match.status)).toEqual(['superseded'])
    expect(await bench.status(line)).toBe('unmatched')
    expect((await bench.matches(own)).map((match) => match.status)).toEqual(['suggested'])
    expect(await bench.status(own)).toBe('suggested')
  })
})
