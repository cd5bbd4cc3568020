import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultPolicy, type KnownPayment, matchAll, type MatchInvoice, type MatchTransaction } from './index.ts'

const MARLOW = { id: '1', name: 'Ada Marlow', company: 'Marlow Hosting', email: '' }
const KELLER = { id: '2', name: 'Bruno Keller', company: 'Keller Media', email: '' }

const invoice = (number: string, change: Partial<MatchInvoice> = {}): MatchInvoice => ({
  id: number,
  number,
  totalMinor: 4900n,
  balanceMinor: change.status === 'paid' ? 0n : 4900n,
  currency: 'EUR',
  date: '2025-04-01',
  dueDate: '2025-04-15',
  status: 'unpaid',
  client: MARLOW,
  items: [],
  payments: [],
  collects: [],
  ...change,
})
const paid = (number: string, payments: KnownPayment[], change: Partial<MatchInvoice> = {}): MatchInvoice =>
  invoice(number, { status: 'paid', payments, ...change })
const payment = (date: string, change: Partial<KnownPayment> = {}): KnownPayment => ({
  id: `row of ${date}`,
  amountMinor: 4900n,
  date,
  transid: 'by hand',
  ...change,
})
const line = (
  date: string,
  description = 'Marlow Hosting',
  change: Partial<MatchTransaction> = {},
): MatchTransaction => ({
  id: `${date} ${description}`,
  amountMinor: 4900n,
  currency: 'EUR',
  direction: 'credit',
  date,
  reference: '',
  description,
  counterparty: { name: 'Marlow Hosting', iban: null },
  ...change,
})
const decide = (transactions: MatchTransaction[], invoices: MatchInvoice[]) =>
  matchAll({ transactions, invoices, history: [], policy: defaultPolicy }).map((verdict) => ({
    ...verdict,
    codes: verdict.withheld.map((reason) => reason.code),
  }))

describe('a line that somebody booked by hand', () => {
  it('is the payment of its client, amount and time, and is applied to nothing else', () => {
    const [verdict] = decide([line('2025-04-08')], [paid('INV-1', [payment('2025-04-07')]), invoice('INV-2')])
    expect(verdict).toMatchObject({
      decision: 'review',
      booked: { invoiceId: 'INV-1', payment: { id: 'row of 2025-04-07' } },
      codes: ['already_booked'],
    })
  })

  const strange: [string, MatchTransaction, MatchInvoice][] = [
    ['six days apart', line('2025-04-13'), paid('INV-1', [payment('2025-04-07')])],
    [
      'another amount',
      line('2025-04-07', 'Marlow Hosting', { amountMinor: 4899n }),
      paid('INV-1', [payment('2025-04-07')]),
    ],
    ['another currency', line('2025-04-07'), paid('INV-1', [payment('2025-04-07')], { currency: 'USD' })],
    ['another client', line('2025-04-07'), paid('INV-1', [payment('2025-04-07')], { client: KELLER })],
    ['money out', line('2025-04-07', 'Marlow Hosting', { direction: 'debit' }), paid('INV-1', [payment('2025-04-07')])],
    ['a payment of our own', line('2025-04-07'), paid('INV-1', [payment('2025-04-07', { takenBy: 'payymo' })])],
  ]
  for (const [why, transaction, closed] of strange) {
    it(`is none that differs: ${why}`, () => {
      expect(decide([transaction], [closed])).toMatchObject([{ booked: null, codes: [] }])
    })
  }

  it('is asked about when the text names another open invoice, or when two clients bear the name', () => {
    const named = decide(
      [line('2025-04-07', 'Invoice INV-2')],
      [paid('INV-1', [payment('2025-04-07')]), invoice('INV-2')],
    )
    expect(named).toMatchObject([{ decision: 'review', booked: null, codes: ['already_booked'] }])
    const namesake = { ...MARLOW, id: '3' }
    const twice = decide(
      [line('2025-04-07')],
      [paid('INV-1', [payment('2025-04-07')]), invoice('INV-2', { client: namesake })],
    )
    expect(twice[0]).toMatchObject({ booked: null })
    expect(twice[0]!.decision).not.toBe('auto')
    expect(twice[0]!.codes).toContain('already_booked')
  })

  it('is one line: the nearest in date, or the one that names the invoice; the other is asked about', () => {
    const book = [paid('INV-1', [payment('2025-04-07')]), invoice('INV-2')]
    expect(decide([line('2025-04-04'), line('2025-04-08')], book)).toMatchObject([
      { decision: 'review', booked: null, codes: ['already_booked'] },
      { decision: 'review', booked: { invoiceId: 'INV-1' } },
    ])
    expect(decide([line('2025-04-03', 'Marlow Hosting INV-1'), line('2025-04-07')], book)).toMatchObject([
      { decision: 'review', booked: { invoiceId: 'INV-1' } },
      { decision: 'review', booked: null, codes: ['already_booked'] },
    ])
  })

  it('moves on where another line needs the payment that is nearest to it: each has its own', () => {
    const book = [paid('INV-1', [payment('2025-02-27')]), paid('INV-2', [payment('2025-03-03')]), invoice('INV-3')]
    expect(decide([line('2025-02-24'), line('2025-03-01')], book)).toMatchObject([
      { decision: 'review', booked: { invoiceId: 'INV-1' } },
      { decision: 'review', booked: { invoiceId: 'INV-2' } },
    ])
  })

  it('is the line that names the month of its invoice; one that names the month of an open invoice is asked about', () => {
    const month = (name: string) => [{ description: `Web hosting (2025-${name}-01 - 2025-${name}-28)` }]
    const book = [
      paid('INV-1', [payment('2025-02-02')], { items: month('01') }),
      invoice('INV-2', { items: month('02') }),
    ]
    const texts = ['Marlow Hosting 2025-02', 'Marlow Hosting 2025-01']
    expect(decide([line('2025-02-02', texts[0]), line('2025-02-04', texts[1])], book)).toMatchObject([
      { decision: 'review', booked: null, best: { allocations: [{ invoiceId: 'INV-2' }] }, codes: ['already_booked'] },
      { decision: 'review', booked: { invoiceId: 'INV-1' } },
    ])
  })

  it('that an earlier decision recognised still makes an equal line a question', () => {
    const book = [paid('INV-1', [payment('2025-04-07', { takenBy: 'other' })]), invoice('INV-2')]
    expect(decide([line('2025-04-08')], book)).toMatchObject([
      { decision: 'review', booked: null, codes: ['already_booked'] },
    ])
  })
})

describe('the number of a paid invoice', () => {
  it('quoted again within two weeks is a second payment, whoever booked the first; later it is the next period', () => {
    for (const takenBy of [undefined, 'payymo', 'other'] as const) {
      const book = [paid('INV-1', [payment('2025-04-01', takenBy ? { takenBy } : {})]), invoice('INV-2')]
      const soon = decide([line('2025-04-14', 'Marlow Hosting INV-1')], book)
      expect(soon).toMatchObject([{ codes: expect.arrayContaining(['double_payment']) }])
      expect(soon[0]!.decision).not.toBe('auto')
      expect(decide([line('2025-05-02', 'Marlow Hosting INV-1')], book)[0]!.codes).not.toContain('double_payment')
    }
  })
})

it('each payment explains one line at most and each line is one payment at most, in any order of the input', () => {
  const day = fc.integer({ min: 1, max: 12 }).map((n) => `2025-04-${String(n).padStart(2, '0')}`)
  const lines = fc.array(fc.tuple(day, fc.constantFrom('Marlow Hosting', 'Marlow Hosting INV-1', 'INV-3')), {
    maxLength: 6,
  })
  const books = fc.array(fc.array(day, { maxLength: 3 }), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(lines, books, (wanted, days) => {
      const transactions = wanted.map(([date, text], n) => line(date, text, { id: `line ${n}` }))
      const book = days.map((dates, n) =>
        paid(
          `INV-${n + 1}`,
          dates.map((date, m) => payment(date, { id: `${n}/${m}` })),
        ),
      )
      const verdicts = decide(transactions, [...book, invoice('INV-9')])
      const used = verdicts.flatMap((verdict) => verdict.booked?.payment.id ?? [])
      expect(new Set(used).size).toBe(used.length)
      for (const [n, { booked, decision }] of verdicts.entries()) {
        if (!booked) continue
        expect(decision).not.toBe('auto')
        expect(booked.payment.amountMinor).toBe(transactions[n]!.amountMinor)
      }
      const turned = decide(transactions.toReversed(), [invoice('INV-9'), ...book.toReversed()])
      expect(turned.toReversed()).toEqual(verdicts)
    }),
    { numRuns: 200 },
  )
})

describe('money that came through a gateway', () => {
  const decide = (transactions: MatchTransaction[], invoices: MatchInvoice[]) =>
    matchAll({ transactions, invoices, history: [], policy: defaultPolicy })
  const card = (date: string, change: Partial<MatchTransaction> = {}) =>
    line(date, 'Marlow Hosting INV-1', { id: `card ${date}`, viaGateway: true, ...change })

  it('pays by itself only what the billing system does not record by itself', () => {
    const [free] = decide([card('2025-04-10')], [invoice('INV-1')])
    expect(free).toMatchObject({ decision: 'auto', withheld: [] })
    const [held] = decide([card('2025-04-10')], [invoice('INV-1', { recordsGateways: true })])
    expect(held!.decision).toBe('review')
    expect(held!.withheld.map(({ code }) => code)).toEqual(['card_charge_not_in_billing'])
    const [bank] = decide([line('2025-04-10', 'Marlow Hosting INV-1')], [invoice('INV-1', { recordsGateways: true })])
    expect(bank!.decision).toBe('auto')
  })

  it('takes nothing from others while it waits for a person', () => {
    const doubt = { code: 'looks_odd', weight: 0, text: 'It looks odd.' }
    const [odd, plain] = decide(
      [line('2025-04-10', 'INV-1', { id: 'odd', doubt }), line('2025-04-11', 'INV-1', { id: 'plain' })],
      [invoice('INV-1')],
    )
    expect([odd!.decision, plain!.decision]).toEqual(['review', 'review'])
    expect(odd!.withheld).toContainEqual(doubt)
    expect(plain!.best!.allocations).toMatchObject([{ invoiceId: 'INV-1', amountMinor: 4900n }])
  })

  it('leaves what was booked by hand to a line of a bank', () => {
    const invoices = [paid('INV-1', [payment('2025-04-10')])]
    const [byCard, byBank] = decide([card('2025-04-10'), line('2025-04-06', 'Marlow Hosting')], invoices)
    expect([byCard!.booked, byBank!.booked?.invoiceId]).toEqual([null, 'INV-1'])
    expect(decide([card('2025-04-10')], invoices)[0]!.booked?.invoiceId).toBe('INV-1')
  })

  it('is what a gateway recorded under an id nobody knows, and a line of a bank is not', () => {
    const invoices = [paid('INV-1', [payment('2025-04-10', { takenBy: 'gateway' })])]
    expect(decide([card('2025-04-10')], invoices)[0]!.booked?.invoiceId).toBe('INV-1')
    expect(decide([line('2025-04-10')], invoices)[0]!.booked).toBeNull()
  })
})

describe('a mail address', () => {
  const ADA = { ...MARLOW, email: 'Ada@Shared-Mail.example' }
  const decide = (description: string, invoices: MatchInvoice[]) =>
    matchAll({ transactions: [line('2025-04-10', description)], invoices, history: [], policy: defaultPolicy })[0]!

  it('points to its client, once with its domain, and to nobody where many have it', () => {
    const verdict = decide('paid by ada@shared-mail.example.', [invoice('INV-1', { client: ADA })])
    const said = verdict.best!.reasons.filter(({ code }) => code.includes('mail') || code.includes('domain'))
    expect(said.map(({ code }) => code)).toEqual(['payer_email_matches_client', 'text_contains_domain'])
    expect(said[0]!.weight).toBeGreaterThan(5)
    expect(said[1]!.weight).toBeLessThan(2)
    const many = ['3', '4', '5'].map((id) => invoice(`INV-${id}`, { client: { ...ADA, id, name: `Client ${id}` } }))
    expect(decide('paid by ada@shared-mail.example', many).best?.reasons.map(({ code }) => code) ?? []).not.toContain(
      'payer_email_matches_client',
    )
    expect(
      decide('paid by bada@shared-mail.example', [invoice('INV-1', { client: ADA })]).best?.reasons,
    ).not.toContainEqual(expect.objectContaining({ code: 'payer_email_matches_client' }))
  })
})
