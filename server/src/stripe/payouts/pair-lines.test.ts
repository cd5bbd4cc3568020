import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Id, newId } from '../../base/ids.ts'
import { type BankLine, pairLines, type SoughtPayout } from './pair-lines.ts'
import { looksLikeStripe } from './stripe-like.ts'

const payout = (change: Partial<SoughtPayout> = {}): SoughtPayout => ({
  id: newId('pout'),
  amountMinor: 8845n,
  currency: 'EUR',
  arrivalOn: '2026-08-17',
  status: 'paid',
  descriptor: '',
  traceId: null,
  last4: null,
  sound: true,
  refused: [],
  ...change,
})
const line = (change: Partial<BankLine> = {}): BankLine => ({
  id: newId('txn'),
  accountId: 'acc_1',
  amountMinor: 8845n,
  currency: 'EUR',
  bookedOn: '2026-08-17',
  accountLast4: null,
  state: 'free',
  counterpartyName: 'Stripe Technology Europe Ltd',
  reference: '',
  description: 'STRIPE Q7W2',
  externalId: null,
  ...change,
})
const PLAIN = { counterpartyName: 'Meridian Foods', description: 'INV-7340' }

/** Which of the lines, by their place, is found; `?` and places where lines are only named. */
function found(payouts: SoughtPayout[], lines: BankLine[]): string[] {
  const pairs = pairLines(payouts, lines)
  const place = (id: Id<'txn'>): number => lines.findIndex((one) => one.id === id)
  return payouts.map(({ id, status }) => {
    const back = pairs.returned.find(({ payoutId }) => payoutId === id)
    if (back) return `${status} ${back.lineIds.map(place).join()}`
    const sure = pairs.sure.find(({ payoutId }) => payoutId === id)
    if (sure) return `${sure.by} ${place(sure.lineId)}`
    const decided = pairs.decided.find(({ payoutId }) => payoutId === id)
    if (decided) return `decided ${place(decided.lineId)}`
    return `?${(pairs.candidates.get(id) ?? []).map(place).join()}`
  })
}

describe('a payout and its line', () => {
  it.each<[string, SoughtPayout[], BankLine[], string[]]>([
    ['amount, days and a text of Stripe, alone', [payout()], [line()], ['amount_and_date 0']],
    [
      'the booking day may be one working day before',
      [payout()],
      [line({ bookedOn: '2026-08-14' })],
      ['amount_and_date 0'],
    ],
    ['and five after', [payout()], [line({ bookedOn: '2026-08-24' })], ['amount_and_date 0']],
    ['but not six', [payout()], [line({ bookedOn: '2026-08-25' })], ['?']],
    ['a text without Stripe is only named', [payout()], [line(PLAIN)], ['?0']],
    ['a line of Stripe wins over one without', [payout()], [line(PLAIN), line()], ['amount_and_date 1']],
    ['two lines that fit wait for a person', [payout()], [line(), line({ bookedOn: '2026-08-18' })], ['?0,1']],
    ['two payouts that fit likewise', [payout(), payout({ arrivalOn: '2026-08-18' })], [line()], ['?0', '?0']],
    ['another amount is nothing', [payout()], [line({ amountMinor: 8844n })], ['?']],
    ['another currency neither', [payout()], [line({ currency: 'USD' })], ['?']],
    [
      'a negative payout is a debit',
      [payout({ amountMinor: -8845n })],
      [line(), line({ amountMinor: -8845n })],
      ['amount_and_date 1'],
    ],
    [
      'the trace id decides between equals',
      [payout({ traceId: 'ab 12cd34' }), payout()],
      [line(), line({ reference: 'REF AB12 CD34 X' })],
      ['trace_id 1', 'amount_and_date 0'],
    ],
    [
      'also in a text without Stripe, and weeks later',
      [payout({ traceId: 'AB12CD34' })],
      [line({ ...PLAIN, reference: 'ab12cd34', bookedOn: '2026-09-08' })],
      ['trace_id 0'],
    ],
    [
      'the trace id with another amount is nothing',
      [payout({ traceId: 'AB12CD34' })],
      [line({ reference: 'AB12CD34', amountMinor: 1n })],
      ['?'],
    ],
    ['a short trace id says nothing', [payout({ traceId: 'Q7W2' })], [line(PLAIN)], ['?0']],
    [
      'a descriptor of the payout stands for Stripe',
      [payout({ descriptor: 'NORTHBYTE HOSTING' })],
      [line({ ...PLAIN, description: 'CO ENTRY DESCR:NORTHBYTE' })],
      ['amount_and_date 0'],
    ],
    [
      'an account that is not the payout’s is only named',
      [payout({ last4: '3000' })],
      [line({ accountLast4: '1111' })],
      ['?0'],
    ],
    [
      'the account tells equals apart',
      [payout({ last4: '3000' })],
      [line({ accountLast4: '1111' }), line({ accountLast4: '3000' })],
      ['amount_and_date 1'],
    ],
    ['what is not explained is not confirmed', [payout({ sound: false })], [line()], ['?0']],
    [
      'unless the trace id says so',
      [payout({ sound: false, traceId: 'AB12CD34' })],
      [line({ reference: 'AB12CD34' })],
      ['trace_id 0'],
    ],
    [
      'a pending payout is not confirmed, but it may be the one',
      [payout({ status: 'pending' }), payout()],
      [line()],
      ['?0', '?0'],
    ],
    ['a line that a person refused is not it', [payout({ refused: [] })], [line()], ['amount_and_date 0']],
    ['a line that pays an invoice is left alone and told', [payout()], [line({ state: 'decided' })], ['decided 0']],
    ['one that a person set aside is only named', [payout()], [line({ state: 'aside' })], ['?0']],
    [
      'several payouts in one line are only named',
      [payout({ amountMinor: 100n }), payout({ amountMinor: 23n })],
      [line({ amountMinor: 123n })],
      ['?0', '?0'],
    ],
    [
      'what came and went back is a pair',
      [payout({ status: 'failed' })],
      [line(), line({ amountMinor: -8845n, bookedOn: '2026-08-19' })],
      ['failed 0,1'],
    ],
    ['of a failed payout a credit alone is nothing', [payout({ status: 'failed' })], [line()], ['?']],
    [
      'the payout that follows a failed one finds its own line',
      [payout({ status: 'failed' }), payout({ arrivalOn: '2026-08-20' })],
      [line(), line({ amountMinor: -8845n, bookedOn: '2026-08-19' }), line({ bookedOn: '2026-08-20' })],
      ['failed 0,1', 'amount_and_date 2'],
    ],
  ])('%s', (_, payouts, lines, expected) => {
    expect(found(payouts, lines)).toEqual(expected)
  })

  it('what a person refused is neither taken nor named', () => {
    const one = line()
    expect(found([payout({ refused: [one.id] })], [one])).toEqual(['?'])
    const other = line({ bookedOn: '2026-08-18' })
    expect(found([payout({ refused: [one.id] })], [one, other])).toEqual(['amount_and_date 1'])
  })

  it('never takes a line twice, nor one that fits anything else as well, whatever there is', () => {
    const amounts = fc.constantFrom(100n, 200n, 300n, -100n)
    const days = fc.constantFrom('2026-08-13', '2026-08-17', '2026-08-18', '2026-08-27')
    const somePayouts = fc.array(
      fc.record({
        amountMinor: amounts,
        arrivalOn: days,
        status: fc.constantFrom('paid', 'in_transit', 'failed'),
        traceId: fc.constantFrom(null, null, 'TRACE-01', 'TRACE-02'),
      }),
      { maxLength: 6 },
    )
    const someLines = fc.array(
      fc.record({
        amountMinor: amounts,
        bookedOn: days,
        counterpartyName: fc.constantFrom('Stripe', 'Stripe', 'Someone'),
        description: fc.constantFrom('', 'TRACE-01', 'TRACE-02'),
        state: fc.constantFrom<BankLine['state']>('free', 'free', 'decided'),
      }),
      { maxLength: 6 },
    )
    let sure = 0
    fc.assert(
      fc.property(somePayouts, someLines, (some, others) => {
        const payouts = some.map((one) => payout(one))
        const lines = others.map((one) => line(one))
        const pairs = pairLines(payouts, lines)
        const lineIds = [...pairs.sure.map(({ lineId }) => lineId), ...pairs.returned.flatMap((pair) => pair.lineIds)]
        expect(new Set(lineIds).size).toBe(lineIds.length)
        const payoutIds = [...pairs.sure, ...pairs.returned].map(({ payoutId }) => payoutId)
        expect(new Set(payoutIds).size).toBe(payoutIds.length)
        for (const { payoutId, lineId, by } of pairs.sure) {
          sure += 1
          const chosen = payouts.find(({ id }) => id === payoutId)!
          const taken = lines.find(({ id }) => id === lineId)!
          expect(taken.amountMinor).toBe(chosen.amountMinor)
          expect(taken.state).toBe('free')
          expect(chosen.status).not.toBe('failed')
          if (by === 'trace_id') continue
          // Alone: any other line that fits, or payout, is somebody's by stronger evidence.
          const spoken = new Set(lineIds)
          const rivals = lines.filter(
            (one) =>
              one.id !== lineId &&
              one.amountMinor === chosen.amountMinor &&
              looksLikeStripe(one) &&
              one.bookedOn >= '2026-08-14' &&
              one.bookedOn <= '2026-08-20' &&
              chosen.arrivalOn === '2026-08-17' &&
              !spoken.has(one.id) &&
              one.state === 'free',
          )
          expect(rivals).toEqual([])
        }
      }),
      { numRuns: 500 },
    )
    expect(sure).toBeGreaterThan(50)
  })
})

it.each([
  ['FASTER PAYMENTS RECEIPT REF.STRIPE FROM Stripe Payments UK Ltd', true],
  ['STRIPE PAYMENTS UK LTD STRIPE Q7W2', true],
  ['ORIG CO NAME:STRIPE ORIG ID:1800948598 CO ENTRY DESCR:TRANSFER', true],
  ['ACH CREDIT 1800948598 NORTHBYTE', true],
  ['STRIPE-ST-A1B2C3D4E5F6', true],
  ['Pinstripe Tailors, invoice 12', false],
  ['Stripes & Dots', false],
  ['INV-7340 Meridian', false],
])('%s reads like Stripe: %s', (description, is) => {
  expect(looksLikeStripe({ counterpartyName: '', reference: '', description, externalId: null })).toBe(is)
})
