import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import '../../test/setup/properties.ts'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import { type CardsBench, createCardsBench } from '../../test/setup/factories-cards.ts'
import { TODAY } from '../../test/setup/factories-reconciliation.ts'
import type { WhmcsSeed } from '../../../sandbox/src/whmcs/index.ts'
import { testClock } from '../base/clock.ts'
import { uuidOf } from '../base/ids.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: CardsBench

beforeAll(async () => {
  app = await createTestApp({ clock })
})
afterEach(() => bench.stop())
afterAll(() => app.stop())

const CLIENTS: NonNullable<WhmcsSeed['clients']> = [
  { id: 1, name: 'Alma Berg', companyname: 'Berg Pottery', email: 'alma@berg.example', currency: 'EUR' },
]
const invoices = (count: number): NonNullable<WhmcsSeed['invoices']> =>
  Array.from({ length: count }, (_, n) => ({
    id: n + 1,
    client: 1,
    number: `INV-${1001 + n}`,
    date: '2025-04-01',
    total: `${121 + n}.00`,
  }))

async function open(count = 2, settings: object = { mode: 'auto' }): Promise<void> {
  bench = await createCardsBench(app, clock, { seed: { clients: CLIENTS, invoices: invoices(count) }, settings })
}

const gateway = (invoice: number, amount: string, transid: string) => ({
  invoice,
  amount,
  transid,
  gateway: 'stripe',
  date: TODAY,
})
const booked = () => bench.whmcs.control.journal().filter((entry) => entry.kind === 'payment')
const byUs = () => booked().filter((entry) => entry.transid.startsWith('PYM-'))

/** A charge for an invoice whose proposal a person has approved; nothing is sent yet. */
async function approved(n = 1): Promise<Awaited<ReturnType<CardsBench['card']>> & { matchId: string }> {
  const card = await bench.card({
    amountMinor: BigInt(12_100 + (n - 1) * 100),
    metadata: { invoice_id: String(n) },
    feeMinor: 307n,
  })
  await bench.run()
  const [match] = await bench.matches(card.line)
  expect((await bench.approve(match.id)).status).toBe(200)
  return { ...card, matchId: match.id }
}
const payments = async (matchId: string) => (await bench.get(`/payments?match_id=${matchId}&per_page=100`)).data
const setUp = (change: object) =>
  bench.tenant.call('PATCH', `/whmcs-instances/${bench.instanceId}`, { settings: change })

describe('a charge that a person approved, and that its gateway records before it is sent', () => {
  for (const [name, of] of [
    ['the charge', 'id'],
    ['the purchase', 'paymentIntentId'],
    ['the balance transaction', 'balanceTransactionId'],
  ] as const) {
    it(`is looked up by ${name}, not sent, and recognised`, async () => {
      await open()
      const { charge, line, matchId } = await approved()
      // WHMCS has it, and the mirror does not know yet.
      bench.whmcs.control.seed({ payments: [gateway(1, '121.00', charge[of]!)] })
      await bench.pay()
      expect(byUs()).toEqual([])
      const [payment] = await payments(matchId)
      expect(payment).toMatchObject({ state: 'refused', attempts: 0 })
      expect(payment.reason).toMatch(/^WHMCS holds this card payment already \(.*121\.00 on invoice id 1/)
      expect((await bench.matches(line))[0].status).toBe('failed')
      await bench.run()
      expect((await bench.matches(line)).map(({ status, match_reason: why }) => [status, why])).toMatchObject([
        ['superseded', expect.any(String)],
        ['approved', 'already_booked'],
      ])
      expect(await bench.status(line)).toBe('matched')
      const history = (await bench.get(`/transactions/${line}/history?per_page=100`)).data
      expect(history.map((entry: { text: string }) => entry.text)).toContain(
        'It was recognised as a payment that the gateway stripe recorded on INV-1001 in the billing system. Payymo books nothing.',
      )
      await bench.pay()
      expect(byUs()).toEqual([])
    })
  }

  it('even on another invoice than it was approved for', async () => {
    await open()
    const { charge, line } = await approved()
    bench.whmcs.control.seed({ payments: [gateway(2, '122.00', charge.id)] })
    await bench.pay()
    expect(byUs()).toEqual([])
    await bench.run()
    const [, match] = await bench.matches(line)
    expect(match).toMatchObject({
      status: 'approved',
      match_reason: 'already_booked',
      allocations: [{ invoice_number: 'INV-1002', amount: 121 }],
    })
  })

  it('beside a number, which shows on the invoice and in the mirror', async () => {
    await open()
    const first = await approved(1)
    const second = await approved(2)
    bench.whmcs.control.seed({
      payments: [
        gateway(1, '121.00', `INV-1001 ${first.charge.id}`),
        // On neither's invoice, so that only the mirror tells of it.
        gateway(2, '122.00', `INV-1002 ${second.charge.paymentIntentId}`),
      ],
    })
    await bench.mirror()
    await bench.pay()
    expect(byUs()).toEqual([])
    await bench.run()
    for (const { line } of [first, second]) expect(await bench.status(line)).toBe('matched')
  })

  it('is asked about nothing more when another charge was recorded', async () => {
    await open()
    const { line } = await approved()
    bench.whmcs.control.seed({ payments: [gateway(2, '121.00', 'ch_other')] })
    await bench.pay()
    expect(byUs()).toMatchObject([{ invoiceid: 1 }])
    expect(await bench.status(line)).toBe('applied')
  })

  it('is not sent when it is approved once more', async () => {
    await open()
    const { charge, matchId } = await approved()
    bench.whmcs.control.seed({ payments: [gateway(1, '121.00', charge.id)] })
    await bench.pay()
    expect((await bench.approve(matchId)).status).toBeGreaterThanOrEqual(400)
    await bench.pay()
    expect(byUs()).toEqual([])
  })
})

describe('a gateway that is late', () => {
  it('records what Payymo has booked: told once, and either is taken back', async () => {
    await open()
    const { charge, line, matchId } = await approved()
    await bench.pay()
    expect(byUs()).toHaveLength(1)
    await bench.seed({ payments: [gateway(1, '121.00', charge.id)] })
    await bench.mirror()
    await bench.job()
    await bench.job()
    const told = (await bench.alerts()).filter(([code]) => code === 'charge_recorded_twice')
    expect(told).toHaveLength(1)
    expect(told[0]![1]).toMatch(/stands in WHMCS twice: Payymo booked 121\.00 EUR on invoice INV-1001 as PYM-/)
    expect((await bench.reverse(matchId)).status).toBe(202)
    await bench.pay()
    await bench.run()
    const matches = await bench.matches(line)
    expect(matches.map((match) => match.status)).toEqual(['reversed', 'approved'])
    expect(matches[1].match_reason).toBe('already_booked')
  })
})

describe('what Stripe kept', () => {
  /** As shown by us and as it stands in WHMCS. */
  const fees = async (matchId: string) =>
    (await payments(matchId)).map((payment: { fees: number | null }) => payment.fees)
  const sent = () => bench.whmcs.control.calls('AddInvoicePayment').map((call) => call.parameters.fees)

  it('is noted as the fee where the installation says so', async () => {
    await open()
    expect((await setUp({ stripe_fees: true })).status).toBe(200)
    const { matchId } = await approved()
    await bench.pay()
    expect([await fees(matchId), sent()]).toEqual([[3.07], ['3.07']])
  })

  it('is only shown otherwise, and not known of what was settled in another currency', async () => {
    await open()
    const off = await approved(1)
    await bench.pay()
    await setUp({ stripe_fees: true })
    const other = await approved(2)
    await app.store.read(bench.tenant.id, (tx) =>
      tx.run("update stripe_ledger set currency = 'USD' where tenant_id = $1", [tx.tenantUuid]),
    )
    await bench.pay()
    expect([await fees(off.matchId), await fees(other.matchId), sent()]).toEqual([
      [3.07],
      [null],
      [undefined, undefined],
    ])
  })

  it('is shared out over the parts of a charge to the cent', async () => {
    await open()
    await setUp({ stripe_fees: true })
    const { line } = await bench.card({ amountMinor: 10_000n, feeMinor: 307n })
    const made = await bench.create(line, { 'INV-1001': '33.33', 'INV-1002': '66.67' })
    expect(made.status).toBe(201)
    await bench.pay()
    expect((await fees(made.body.id)).toSorted()).toEqual([1.02, 2.05])
    expect(new Set(sent())).toEqual(new Set(['1.02', '2.05']))
  })
})

describe('a charge that paid an invoice and went back', () => {
  it('is told once, with what can be done; taken back, the invoice is open and the money is gone', async () => {
    await open()
    const { charge, line, matchId } = await approved()
    await bench.pay()
    expect(await bench.status(line)).toBe('applied')
    bench.stripe.refund(charge.id, 12_100n)
    await bench.sync()
    await bench.sync()
    const told = await bench.alerts()
    expect(told.map(([code]) => code)).toEqual(['stripe_payment_returned'])
    expect(told[0]![1]).toContain(`GET /api/v1/invoice-matches?transaction_id=${line}`)
    expect(await bench.status(line)).toBe('applied')
    expect((await bench.reverse(matchId)).status).toBe(202)
    await bench.pay()
    await bench.sync()
    await bench.run()
    expect((await bench.matches(line)).map((match) => match.status)).toEqual(['reversed'])
    expect(await bench.transaction(line)).toMatchObject({ status: 'ignored', match_status: 'unmatched' })
    expect(bench.whmcs.control.books().invoices.find((row) => row.id === 1)?.status).toBe('Unpaid')
    expect((await bench.alerts()).map(([code]) => code)).not.toContain('stripe_payment_changed')
  })

  it('is told of a charge that its gateway has recorded too', async () => {
    await open()
    const { charge, line } = await bench.card({ amountMinor: 12_100n })
    await bench.seed({ payments: [gateway(1, '121.00', charge.id)] })
    await bench.run()
    bench.stripe.dispute(charge.id)
    await bench.sync()
    expect((await bench.alerts()).map(([code]) => code)).toEqual(['stripe_payment_returned'])
    const [match] = await bench.matches(line)
    expect((await bench.reverse(match.id)).status).toBe(200)
    await bench.sync()
    expect(await bench.transaction(line)).toMatchObject({ status: 'ignored' })
  })
})

describe('a charge that went back in WHMCS too', () => {
  const ended = async () => (await bench.alerts()).map(([code]) => code)

  it('is no news once WHMCS shows as much gone out, each time', async () => {
    await open()
    const { charge } = await bench.card({ amountMinor: 12_100n })
    await bench.seed({ payments: [gateway(1, '121.00', charge.id)] })
    await bench.job()
    const [first, second] = [2_000n, 2_000n].map((amountMinor) => bench.stripe.refund(charge.id, amountMinor))
    await bench.sync()
    expect(await ended()).toEqual(['stripe_payment_returned', 'stripe_payment_returned'])
    await out(1, '20.00', first!.id)
    await bench.job()
    await bench.job()
    expect(await ended()).toEqual(['stripe_payment_returned'])
    await out(1, '19.00', second!.id)
    await bench.job()
    expect(await ended()).toEqual(['stripe_payment_returned'])
    await out(1, '20.00', second!.id)
    await bench.job()
    expect(await ended()).toEqual([])
  })

  it('stays told while it went out of another invoice only, and is settled when the match is taken back', async () => {
    await open()
    const { charge, matchId } = await approved()
    await bench.pay()
    bench.stripe.refund(charge.id, 12_100n)
    await bench.sync()
    await out(2, '121.00', 're_other')
    await bench.job()
    expect(await ended()).toContain('stripe_payment_returned')
    await bench.reverse(matchId)
    await bench.job()
    expect(await ended()).toContain('stripe_payment_returned')
    await bench.pay()
    await bench.job()
    expect(await ended()).toEqual([])
  })

  let outs = 9_000
  /** Money out of an invoice, as the mirror shows it. */
  const out = async (invoice: number, amount: string, transid: string) => {
    const id = await bench.invoice(`INV-${1000 + invoice}`)
    await app.store.read(bench.tenant.id, (tx) =>
      tx.run(
        `insert into invoice_payments (tenant_id, invoice_id, external_id, transid, amount_minor, paid_on, gateway)
         values ($1, $2, $3, $4, $5, $6, 'stripe')`,
        [tx.tenantUuid, uuidOf(id), String((outs += 1)), transid, -BigInt(amount.replace('.', '')), TODAY],
      ),
    )
  }
})

/** What may happen, each to one of the charges. */
type Step = {
  do: 'come' | 'record' | 'mirror' | 'run' | 'approve' | 'pay'
  which: number
  by: 0 | 1 | 2
  sent: boolean
}
const COUNT = 3

describe('whatever comes first', () => {
  it('a charge that its gateway recorded before a send is in WHMCS once, and explains one payment', async () => {
    await open(COUNT)
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record<Step>({
            do: fc.constantFrom('come', 'record', 'mirror', 'run', 'approve', 'pay'),
            which: fc.nat(COUNT - 1),
            by: fc.constantFrom(0, 1, 2),
            sent: fc.boolean(),
          }),
          { minLength: 6, maxLength: 14 },
        ),
        async (steps) => {
          await bench.stop()
          await open(COUNT)
          const charges = Array.from({ length: COUNT }, (_, n) => ({
            made: undefined as Awaited<ReturnType<CardsBench['card']>> | undefined,
            recorded: false,
            n: n + 1,
          }))
          for (const step of [
            ...steps,
            ...['mirror', 'run', 'pay', 'mirror', 'run'].map((each) => ({ do: each, which: 0, by: 0 })),
          ]) {
            const one = charges[step.which]!
            const amount = `${120 + one.n}.00`
            if (step.do === 'come' && !one.made) {
              const amountMinor = BigInt(12_000 + one.n * 100)
              one.made = await bench.card({ amountMinor, metadata: { invoice_id: String(one.n) } })
            }
            if (step.do === 'record' && one.made && !one.recorded) {
              const { charge, line } = one.made
              // Later than our own send nobody can keep it out; that is told instead (see above).
              if ((await bench.status(line)) === 'applied') continue
              one.recorded = true
              const id = [charge.id, charge.paymentIntentId!, charge.balanceTransactionId!][step.by]!
              bench.whmcs.control.seed({ payments: [gateway(one.n, amount, id)] })
            }
            if (step.do === 'mirror') await bench.mirror()
            if (step.do === 'run') await bench.run()
            if (step.do === 'pay') await bench.pay()
            if (step.do === 'approve' && one.made) {
              for (const match of await bench.matches(one.made.line)) {
                if (match.status === 'suggested') await bench.approve(match.id)
              }
            }
          }
          const rows = bench.whmcs.control.books().transactions
          for (const { made, recorded, n } of charges) {
            const mine = rows.filter((row) => row.invoiceid === n)
            expect(mine.length).toBeLessThanOrEqual(1)
            if (!made) continue
            const matches = await bench.matches(made.line)
            const live = matches.filter((match) => ['approved', 'applied'].includes(match.status))
            if (recorded) {
              expect(mine).toHaveLength(1)
              expect(live).toMatchObject([{ match_reason: 'already_booked', allocations: [{ amount: 120 + n }] }])
            } else expect(mine.length).toBe(live.length)
          }
        },
      ),
      { numRuns: 8 },
    )
  })
})
