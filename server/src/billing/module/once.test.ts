import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import '../../../test/setup/properties.ts'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import { createModuleBench, type ModuleBench } from '../../../test/setup/factories-module.ts'
import { fakeModule, type FakeModule, type FakeOffer, type FakeResult } from '../../../test/setup/fake-module.ts'
import { pushed } from '../../../test/setup/fake-whmcs.ts'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.stop())

const PAYMENTS = 3

/** A module in the middle of its work: what it was offered and has not booked, what it booked and has not reported. */
interface Working {
  module: FakeModule
  offers: FakeOffer[]
  results: FakeResult[]
  reported: FakeResult[]
}

/** What may happen, to one of two modules that share a secret and a WHMCS. */
const STEPS = {
  /** The offers arrive. */
  work: async ({ working }: Scene) => void working.offers.push(...(await working.module.work(2))),
  /** The answer is lost on its way back. */
  workLost: async ({ working }: Scene) => void (await working.module.work(2)),
  /** However late: the module looks before it books. */
  book: async ({ working }: Scene) => {
    const offer = working.offers.shift()
    if (offer) working.results.push(working.module.book(offer))
  },
  /** It dies after booking and before writing down the result. */
  bookAndDie: async ({ working }: Scene) => {
    const offer = working.offers.shift()
    if (offer) working.module.book(offer)
    working.offers.length = 0
  },
  report: async ({ working }: Scene) => {
    const results = working.results.splice(0)
    if (results.length > 0) await working.module.results(results)
    working.reported.push(...results)
  },
  /** The answer is lost, so that the module reports once more. */
  reportLost: async ({ working }: Scene) => {
    if (working.results.length > 0) await working.module.results(working.results)
  },
  /** Results of long ago, under whatever fence they had. */
  reportOld: async ({ working }: Scene) => {
    if (working.reported.length > 0) await working.module.results(working.reported)
  },
  /** The request never arrives, and the module forgets it. */
  forget: async ({ working }: Scene) => void working.results.splice(0),
  /** The network repeats the last request. */
  replay: async ({ bench, working }: Scene) => {
    const { path, body, headers } = working.module.last
    if (path !== '') expect((await bench.billing.post(path, body, headers)).status).toBe(400)
  },
  /** Somebody without the secret tries to get at the payments. */
  forge: async ({ bench, working }: Scene) => {
    const answer = await working.module.call('work', { limit: 50 }, { secret: 'whsec_of_a_thief' })
    expect([answer.status, await openPayments(bench)]).toEqual([400, await openPayments(bench)])
  },
  /** It says what is not so, and shows nothing. */
  lie: async ({ working }: Scene) => {
    const [result] = working.results.splice(0, 1)
    if (result) await working.module.results([{ ...result, outcome: 'refused', transactions: [], invoice: null }])
  },
  doubt: async ({ working }: Scene) => {
    const [offer] = working.offers
    if (offer)
      await working.module.results([
        {
          payment_id: offer.payment_id,
          fence: offer.fence,
          outcome: 'unknown',
          code: '',
          words: '',
          transactions: [],
          invoice: null,
        },
      ])
  },
  claimAll: async ({ working }: Scene) => {
    const [offer] = working.offers
    if (offer)
      await working.module.results([
        {
          payment_id: offer.payment_id,
          fence: offer.fence,
          outcome: 'applied',
          code: '',
          words: '',
          transactions: [],
          invoice: null,
        },
      ])
  },
  /** An invoice as it was before anything was booked. */
  pushOld: async ({ working, old }: Scene) => void (await working.module.push([], { invoices: old })),
  pushAll: async ({ working }: Scene) => working.module.pushAll(),
  time: async ({ bench }: Scene) => bench.passTime(),
  watch: async ({ bench }: Scene) => bench.watch(),
}

interface Scene {
  bench: ModuleBench
  working: Working
  old: object[]
}

const openPayments = async (bench: ModuleBench): Promise<number> =>
  (await bench.tenant.call('GET', '/payments?state=pending&per_page=100')).body.data.length

/** An honest module and a person bring it to its end. */
async function settle(bench: ModuleBench): Promise<void> {
  for (let n = 0; n < 20; n++) {
    await bench.passTime()
    const payments: { id: string; state: string; match_id: string }[] = (
      await bench.tenant.call('GET', '/payments?per_page=100')
    ).body.data
    if (payments.every((payment) => payment.state === 'applied')) return
    for (const payment of payments) {
      if (payment.state === 'quarantined')
        await bench.tenant.call('POST', `/payments/${payment.id}/resolve`, { resolution: 'retry' })
      if (payment.state === 'refused')
        await bench.tenant.call('PATCH', `/invoice-matches/${payment.match_id}`, { status: 'approved' })
    }
    await bench.module.results((await bench.module.work()).map(bench.module.book))
  }
  throw new Error('never settled')
}

describe('whatever the order of losses and repeats', () => {
  it('each approved payment is in the ledger of WHMCS exactly once', async () => {
    const step = fc.record({
      who: fc.constantFrom(0, 1),
      what: fc.constantFrom(...(Object.keys(STEPS) as (keyof typeof STEPS)[])),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
        const bench = await createModuleBench(app)
        for (let n = 1; n <= PAYMENTS; n++) bench.whmcs.addInvoice({ id: String(n), total: `${n}00.00` })
        await bench.module.pushAll()
        const old = [...bench.whmcs.invoices.values()].map((invoice) => structuredClone(pushed(bench.whmcs, invoice)))
        const approved: { transid: string; invoice: string; amount: string }[] = []
        for (let n = 1; n <= PAYMENTS; n++) {
          const [payment] = await bench.approve(`${n}0.00`, { [String(n)]: `${n}0.00` })
          approved.push({ transid: payment!.transid, invoice: String(n), amount: `${n}0.00` })
        }
        const modules = [bench.module, fakeModule(bench.billing, bench.whmcs, bench.instanceId, bench.module.secret)]
        const working = modules.map((module): Working => ({ module, offers: [], results: [], reported: [] }))
        for (const { who, what } of steps) await STEPS[what]({ bench, working: working[who]!, old })
        await settle(bench)
        const ledger = bench.whmcs.ledger.map((row) => ({
          transid: row.transid,
          invoice: row.invoice_id,
          amount: row.amount_in,
        }))
        const sorted = (rows: typeof approved) => rows.toSorted((one, other) => (one.transid < other.transid ? -1 : 1))
        expect(sorted(ledger)).toEqual(sorted(approved))
      }),
      { numRuns: 6 },
    )
  }, 120_000)
})
