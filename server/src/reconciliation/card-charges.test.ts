import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import { type CardsBench, createCardsBench } from '../../test/setup/factories-cards.ts'
import { TODAY } from '../../test/setup/factories-reconciliation.ts'
import type { WhmcsSeed } from '../../../sandbox/src/whmcs/index.ts'
import { testClock } from '../base/clock.ts'

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
  { id: 2, name: 'Bruno Keller', companyname: 'Keller Media', email: 'bruno@keller.example', currency: 'EUR' },
  { id: 3, name: 'Carla Dollar', companyname: 'Dollar Trading', email: 'carla@dollar.example', currency: 'USD' },
]
const INVOICES: NonNullable<WhmcsSeed['invoices']> = [
  { id: 1, client: 1, number: 'INV-1001', date: '2025-04-01', total: '121.00' },
  { id: 2, client: 1, number: 'INV-1002', date: '2025-04-02', total: '60.00' },
  { id: 3, client: 2, number: 'INV-1003', date: '2025-04-02', total: '61.00' },
  { id: 4, client: 3, number: 'INV-1004', date: '2025-04-02', total: '121.00' },
]

async function open(seed: WhmcsSeed = {}, settings: object = { mode: 'auto' }): Promise<void> {
  bench = await createCardsBench(app, clock, { seed: { clients: CLIENTS, invoices: INVOICES, ...seed }, settings })
}

const gateway = (invoice: number, amount: string, transid: string, more: object = {}) => ({
  invoice,
  amount,
  transid,
  gateway: 'stripe',
  date: TODAY,
  ...more,
})
const byUs = () =>
  bench.whmcs.control.journal().filter((entry) => entry.kind === 'payment' && entry.transid.startsWith('PYM-'))
const codes = (reasons: { code: string }[]) => reasons.map((reason) => reason.code)

/** What a gateway may write as its id, of this charge. */
const SPELLINGS: [string, (ids: { ch: string; pi: string; txn: string }) => string][] = [
  ['the charge', ({ ch }) => ch],
  ['the purchase', ({ pi }) => pi],
  ['the balance transaction', ({ txn }) => txn],
  ['several ids', ({ ch, pi }) => `${pi},${ch}`],
  ['an id beside the number', ({ ch }) => `INV-1001/${ch}`],
  ['an id in a sentence', ({ pi }) => `Stripe payment ${pi} (card)`],
]

describe('a charge that its gateway has recorded', () => {
  for (const [name, spell] of SPELLINGS) {
    it(`is recognised by ${name}, and never applied again`, async () => {
      await open()
      const { charge, line } = await bench.card({ amountMinor: 12_100n, metadata: { invoice_id: '1' } })
      const ids = { ch: charge.id, pi: charge.paymentIntentId!, txn: charge.balanceTransactionId! }
      await bench.seed({ payments: [gateway(1, '121.00', spell(ids))] })
      expect(await bench.run()).toEqual({ looked: 1, suggested: 0, applied: 0, alreadyBooked: 1 })
      await bench.pay()
      const [match] = await bench.matches(line)
      expect(match).toMatchObject({
        status: 'approved',
        confidence: 0.9999,
        decided_by: 'system:already_booked',
        match_reason: 'already_booked',
        allocations: [{ invoice_number: 'INV-1001', amount: 121, currency: 'EUR' }],
        payments: [],
      })
      expect(match.reasons[0].text).toContain(`121.00 EUR on invoice INV-1001 of ${TODAY} as ${spell(ids)}`)
      expect(await bench.status(line)).toBe('matched')
      expect(byUs()).toEqual([])
      const before = await bench.traces()
      expect(await bench.run()).toEqual({ looked: 0, suggested: 0, applied: 0, alreadyBooked: 0 })
      expect(await bench.traces()).toEqual(before)
    })
  }

  it('is recognised by its checkout session', async () => {
    await open()
    const charge = bench.stripe.charge()
    await bench.sync()
    const line = await bench.lineOf(charge.id)
    await app.store.read(bench.tenant.id, (tx) =>
      tx.run(
        `insert into transaction_aliases (tenant_id, account_id, transaction_id, kind, value)
         select tenant_id, account_id, id, 'stripe', 'cs_live_a1' from transactions where tenant_id = $1 and external_id = $2`,
        [tx.tenantUuid, charge.id],
      ),
    )
    await bench.seed({ payments: [gateway(1, '121.00', 'cs_live_a1')] })
    expect(await bench.run()).toMatchObject({ alreadyBooked: 1 })
    expect(await bench.status(line)).toBe('matched')
  })

  for (const [name, spell] of [
    ['more of the same word', (id: string) => `${id}_123`],
    ['other letters', (id: string) => id.toUpperCase()],
    ['a word before it', (id: string) => `x${id}`],
  ] as const) {
    it(`is not taken for what has ${name}`, async () => {
      await open()
      const { charge, line } = await bench.card({ amountMinor: 12_100n })
      await bench.seed({ payments: [gateway(1, '121.00', spell(charge.id))] })
      await bench.run()
      expect(
        (await bench.matches(line)).filter((match) => codes(match.reasons).includes('already_booked')).length,
      ).toBe(
        // By its looks, as anything that somebody booked by hand: only where it cannot be another card's.
        spell(charge.id).startsWith('ch_') ? 0 : 1,
      )
    })
  }

  it('says so where the amounts differ', async () => {
    // A part payment changes nothing in the lists of WHMCS: it is seen with the invoice itself.
    await open({ invoices: [] })
    const { charge, line } = await bench.card({ amountMinor: 12_100n })
    await bench.seed({ invoices: INVOICES, payments: [gateway(1, '120.00', charge.id)] })
    await bench.run()
    const [match] = await bench.matches(line)
    expect(match.allocations).toMatchObject([{ amount: 120 }])
    expect(match.reasons[0].text).toMatch(/The charge is 121\.00 EUR, not 120\.00 EUR: compare the two\.$/)
    expect(await bench.status(line)).toBe('matched')
  })

  it('says so where it stands twice, or in another currency', async () => {
    await open()
    const twice = await bench.card({ amountMinor: 12_100n })
    const changed = await bench.card({ amountMinor: 11_000n, payerName: 'Carla Dollar' })
    await bench.seed({
      payments: [
        gateway(1, '121.00', twice.charge.id),
        gateway(1, '121.00', twice.charge.paymentIntentId!),
        gateway(4, '121.00', changed.charge.id),
      ],
    })
    await bench.run()
    const [first] = await bench.matches(twice.line)
    expect(first.allocations).toMatchObject([{ invoice_number: 'INV-1001', amount: 121 }])
    expect(first.reasons[0].text).toMatch(/not 242\.00 EUR, so that it may be booked twice: compare the two\.$/)
    const [second] = await bench.matches(changed.line)
    expect(second.allocations).toMatchObject([{ invoice_number: 'INV-1004', amount: 121, currency: 'USD' }])
    expect(second.reasons[0].text).toMatch(/121\.00 USD on invoice INV-1004 .* The charge is 110\.00 EUR\.$/)
  })

  it('may be shared out over several invoices', async () => {
    await open()
    const { charge, line } = await bench.card({ amountMinor: 12_100n, metadata: { invoice_id: '2' } })
    await bench.seed({ payments: [gateway(2, '60.00', charge.id), gateway(3, '61.00', charge.id)] })
    await bench.run()
    const [match] = await bench.matches(line)
    expect(match.allocations).toMatchObject([
      { invoice_number: 'INV-1002', amount: 60 },
      { invoice_number: 'INV-1003', amount: 61 },
    ])
    expect(match.status).toBe('approved')
  })

  it('is one line only: of two charges of one purchase the one whose own id it is', async () => {
    await open()
    const first = await bench.card({ amountMinor: 12_100n })
    const second = await bench.card({ amountMinor: 12_100n, paymentIntentId: first.charge.paymentIntentId })
    await bench.seed({
      payments: [gateway(1, '121.00', `${first.charge.paymentIntentId} ${second.charge.id}`)],
    })
    expect(await bench.run()).toMatchObject({ alreadyBooked: 1 })
    expect(await bench.status(second.line)).toBe('matched')
    expect(await bench.status(first.line)).not.toBe('matched')
  })

  it('takes the place of a suggestion that came before, whoever made it', async () => {
    await open({}, { mode: 'suggest' })
    const { charge, line } = await bench.card({ amountMinor: 12_100n, metadata: { invoice_id: '1' } })
    await bench.run()
    expect(await bench.status(line)).toBe('suggested')
    const other = await bench.card({ amountMinor: 6_000n })
    expect((await bench.create(other.line, { 'INV-1002': 60 }, { apply: false })).status).toBe(201)
    await bench.seed({ payments: [gateway(1, '121.00', charge.id), gateway(2, '60.00', other.charge.id)] })
    await bench.run()
    for (const one of [line, other.line]) {
      expect((await bench.matches(one)).map((match) => match.status)).toEqual(['superseded', 'approved'])
      expect(await bench.status(one)).toBe('matched')
    }
  })

  it('is let go of when a person says that it is something else', async () => {
    await open()
    const { charge, line } = await bench.card({ amountMinor: 12_100n })
    await bench.seed({ payments: [gateway(1, '121.00', charge.id)] })
    await bench.run()
    const [match] = await bench.matches(line)
    expect((await bench.reverse(match.id)).body).toMatchObject({ status: 'reversed', reversal: { state: 'done' } })
    expect(await bench.run()).toMatchObject({ alreadyBooked: 0 })
    expect((await bench.matches(line)).filter((each) => each.status === 'approved')).toEqual([])
  })
})

describe('a charge that is missing in WHMCS', () => {
  it('is proposed by what it names, and waits for a person whatever the mode', async () => {
    await open()
    const { line } = await bench.card({ amountMinor: 12_100n, metadata: { invoice_id: '1' } })
    expect(await bench.run()).toMatchObject({ suggested: 1, applied: 0 })
    const [match] = await bench.matches(line)
    expect(match).toMatchObject({ status: 'suggested', allocations: [{ invoice_number: 'INV-1001', amount: 121 }] })
    expect(match.confidence).toBeGreaterThan(0.99)
    const candidates = await bench.get(`/transactions/${line}/candidates`)
    expect(candidates.withheld).toMatchObject([{ code: 'card_charge_not_in_billing' }])
    expect(candidates.withheld[0].text).toMatch(/gateway may still record it/)
    expect(candidates.decision).toBe('review')
    expect((await bench.approve(match.id)).status).toBe(200)
    await bench.pay()
    expect(byUs()).toMatchObject([{ invoiceid: 1, amount: '121.00' }])
    expect(await bench.status(line)).toBe('applied')
  })

  it('is proposed by the mail address of its payer alone', async () => {
    await open()
    const { line } = await bench.card({ amountMinor: 6_100n, payerName: '', payerEmail: 'Bruno@Keller.example' })
    await bench.run()
    const [match] = await bench.matches(line)
    expect(match.allocations).toMatchObject([{ invoice_number: 'INV-1003' }])
    expect(codes(match.reasons)).toContain('payer_email_matches_client')
  })

  it('pays an invoice recorded by API by itself, as any money', async () => {
    await open()
    const made = await bench.tenant.call('POST', '/invoices', {
      number: 'API-77',
      total: 99,
      currency: 'EUR',
      issued_on: '2025-04-01',
      due_on: '2025-04-15',
      client: { name: 'Dora Api', email: 'dora@api.example' },
      items: [],
    })
    expect(made.status).toBe(201)
    const named = { metadata: { invoice_id: 'API-77' }, payerName: 'Dora Api', payerEmail: 'dora@api.example' }
    const { line } = await bench.card({ amountMinor: 9_900n, ...named })
    expect(await bench.run()).toMatchObject({ applied: 1 })
    expect(await bench.status(line)).toBe('applied')
  })

  it('waits for a person on any invoice once a part of it went back', async () => {
    await open()
    const client = { name: 'Dora Api', email: 'dora@api.example' }
    await bench.tenant.call('POST', '/invoices', {
      number: 'API-78',
      total: 99,
      currency: 'EUR',
      issued_on: '2025-04-01',
      due_on: '2025-04-15',
      client,
      items: [],
    })
    const charge = bench.stripe.charge({
      amountMinor: 9_900n,
      metadata: { invoice_id: 'API-78' },
      payerName: 'Dora Api',
    })
    bench.stripe.refund(charge.id, 1_000n)
    await bench.sync()
    expect(await bench.run()).toMatchObject({ applied: 0, suggested: 1 })
    const line = await bench.lineOf(charge.id)
    const [match] = await bench.matches(line)
    expect(match).toMatchObject({ status: 'suggested', allocations: [{ invoice_number: 'API-78' }] })
  })

  it('in another currency than the invoice waits for a person, and cannot be approved', async () => {
    await open()
    const { line } = await bench.card({
      amountMinor: 12_100n,
      metadata: { invoice_id: '4' },
      payerName: 'Carla Dollar',
      payerEmail: 'carla@dollar.example',
    })
    expect(await bench.run()).toMatchObject({ applied: 0 })
    for (const match of await bench.matches(line)) {
      expect(match.status).toBe('suggested')
      expect((await bench.approve(match.id)).status).toBe(422)
    }
    expect(byUs()).toEqual([])
  })

  it('is not proposed while it is pending, nor when it failed or went back whole', async () => {
    await open()
    const named = { amountMinor: 12_100n, metadata: { invoice_id: '1' } }
    const pending = bench.stripe.charge({ ...named, status: 'pending' })
    const failing = bench.stripe.charge({ ...named, status: 'pending' })
    const refunded = bench.stripe.charge(named)
    const disputed = bench.stripe.charge(named)
    await bench.sync()
    bench.stripe.fail(failing.id)
    bench.stripe.refund(refunded.id, 12_100n)
    bench.stripe.dispute(disputed.id)
    await bench.sync()
    expect(await bench.run()).toEqual({ looked: 0, suggested: 0, applied: 0, alreadyBooked: 0 })
    bench.stripe.succeed(pending.id)
    await bench.sync()
    expect(await bench.run()).toMatchObject({ looked: 1, suggested: 1 })
  })
})

describe('a bank transfer and a card payment of the same amount', () => {
  it('both stay what they are: the card is recognised, the transfer is asked about', async () => {
    await open()
    const { charge, line } = await bench.card({ amountMinor: 12_100n, metadata: { invoice_id: '1' } })
    const transfer = await bench.line({ amount: 121, text: 'INV-1001', name: 'Alma Berg' })
    await bench.seed({ payments: [gateway(1, '121.00', charge.id)] })
    expect(await bench.run()).toMatchObject({ alreadyBooked: 1, applied: 0 })
    expect(await bench.status(line)).toBe('matched')
    for (const match of await bench.matches(transfer)) expect(match.status).toBe('suggested')
    const { withheld, ruled_out: ruledOut } = await bench.get(`/transactions/${transfer}/candidates`)
    expect(codes(withheld)).toContain('double_payment')
    expect(codes(ruledOut)).toEqual(['paid'])
    for (const id of [line, transfer]) expect((await bench.transaction(id)).status).toBe('processed')
  })

  it('want one open invoice: a person is asked about both', async () => {
    await open()
    const { line } = await bench.card({ amountMinor: 12_100n, metadata: { invoice_id: '1' } })
    const transfer = await bench.line({ amount: 121, text: 'INV-1001', name: 'Alma Berg' })
    expect(await bench.run()).toMatchObject({ applied: 0 })
    await bench.pay()
    expect(byUs()).toEqual([])
    expect(await bench.status(line)).toBe('suggested')
    expect(await bench.status(transfer)).toBe('suggested')
  })

  it('compete for what somebody booked by hand: the transfer has it', async () => {
    await open({ payments: [gateway(1, '121.00', 'by hand', { gateway: 'banktransfer' })] })
    const { line } = await bench.card({ amountMinor: 12_100n, metadata: { invoice_id: '1' } })
    const transfer = await bench.line({ amount: 121, text: 'thank you', name: 'Alma Berg', date: '2025-04-08' })
    expect(await bench.run()).toMatchObject({ alreadyBooked: 1 })
    expect(await bench.status(transfer)).toBe('matched')
    expect(await bench.status(line)).not.toBe('matched')
  })
})
