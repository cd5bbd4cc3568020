import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../base/clock.ts'
import {
  type Decision,
  fingerprint,
  identify,
  identityKey,
  type IncomingBatch,
  type IncomingRow,
  normaliseForIdentity,
  type StoredRow,
} from './identify.ts'

const DAY = '2026-03-10'

const row = (facts: Partial<IncomingRow> = {}): IncomingRow => ({
  amountMinor: 10_00n,
  currency: 'EUR',
  bookedOn: DAY,
  valueOn: null,
  status: 'booked',
  counterpartyName: '',
  counterpartyIban: null,
  text: '',
  aliases: [],
  ...facts,
})

const alias = (kind: string, value: string) => ({ kind, value })

/** An account that stores what it is told to, as the database would. */
function account() {
  let rows: StoredRow[] = []
  let count = 0
  return {
    rows: () => rows,
    take(incoming: IncomingRow[], more: Partial<IncomingBatch> = {}) {
      const batch: IncomingBatch = { rows: incoming, source: 'bank', completeDays: null, ...more }
      const answer = identify(rows, batch)
      for (const [place, decision] of answer.decisions.entries()) {
        const { collective: _, ...facts } = incoming[place]!
        if (decision.verdict === 'new') {
          const { identityKey, aliases } = decision
          rows = [...rows, { ...facts, id: `t${(count += 1)}`, source: batch.source, identityKey, aliases }]
        }
        if (decision.verdict === 'same') {
          const { id, update, aliases } = decision
          rows = rows.map((old) => (old.id === id ? { ...old, ...update, aliases: [...old.aliases, ...aliases] } : old))
        }
      }
      return answer
    },
  }
}

const verdicts = (answer: { decisions: Decision[] }): string[] =>
  answer.decisions.map((decision) =>
    decision.verdict === 'same' ? `${decision.id} ${decision.layer}` : decision.verdict,
  )

const range = (from: string, to: string) => ({ completeDays: { from, to } })
const whole = range(DAY, DAY)

describe('ids', () => {
  it.each([
    ['internal', 'a'.repeat(31) + 'b', 'A'],
    ['transaction_id', 'TX-100-200', 'B'],
    ['fitid', '000001', 'B'],
    ['entry_reference', 'ARCH-2026-1', 'C'],
    ['end_to_end', 'E2E-77001', 'C'],
  ])('%s tells a row again although its text changed', (kind, value, layer) => {
    const bank = account()
    bank.take([row({ aliases: [alias(kind, value)], text: 'one thing' })])
    const answer = bank.take([row({ aliases: [alias(kind, value)], text: 'another', valueOn: '2026-03-11' })])
    expect(answer.decisions).toEqual([
      { verdict: 'same', id: 't1', layer, update: { text: 'another', valueOn: '2026-03-11' }, aliases: [] },
    ])
  })

  it.each(['', ' ', 'NOTPROVIDED', 'not provided', 'NONREF', '1234', '00DEBIT0000123', '00000000', 'XXXXXXXX'])(
    'the id "%s" says nothing',
    (value) => {
      const bank = account()
      bank.take([row({ aliases: [alias('transaction_id', value)], text: 'INV 1' })])
      const answer = bank.take([
        row({ aliases: [alias('transaction_id', value)], text: 'INV 777', bookedOn: '2026-03-12' }),
      ])
      expect(verdicts(answer)).toEqual(['new'])
    },
  )

  it('an id that comes twice in one answer says nothing', () => {
    const bank = account()
    const twice = [alias('transaction_id', 'TX-100-200')]
    bank.take([row({ aliases: twice, text: 'INV 101' })])
    const answer = bank.take([
      row({ aliases: twice, text: 'INV 303', bookedOn: '2026-03-12' }),
      row({ aliases: twice, text: 'INV 202', bookedOn: '2026-03-13' }),
    ])
    expect(verdicts(answer)).toEqual(['new', 'new'])
  })

  it.each(['internal', 'transaction_id', 'entry_reference'])('%s with another amount was reused', (kind) => {
    const bank = account()
    bank.take([row({ aliases: [alias(kind, 'TX-100-200')] })])
    const answer = bank.take([row({ aliases: [alias(kind, 'TX-100-200')], amountMinor: 12_00n })])
    expect(verdicts(answer)).toEqual(['new'])
    const sign = bank.take([row({ aliases: [alias(kind, 'TX-100-200')], amountMinor: -10_00n })])
    expect(verdicts(sign)).toEqual(['new'])
  })

  it('an internal id is kept with one row only', () => {
    const bank = account()
    bank.take([row({ aliases: [alias('internal', 'TX-100-200')] })])
    const [decision] = bank.take([row({ aliases: [alias('internal', 'TX-100-200')], amountMinor: 12_00n })]).decisions
    expect(decision).toMatchObject({ verdict: 'new', aliases: [], possibleDuplicateOf: 't1' })
  })

  it('a corrected amount is a new row, marked, and the old one is missing', () => {
    const bank = account()
    bank.take([row({ aliases: [alias('transaction_id', 'TX-100-200')] })])
    const answer = bank.take([row({ aliases: [alias('transaction_id', 'TX-100-200')], amountMinor: 12_00n })], whole)
    expect(answer.decisions).toMatchObject([{ verdict: 'new', possibleDuplicateOf: 't1' }])
    expect(answer.missingAtBank).toEqual(['t1'])
  })

  it('an id that a bank gives every month decides nothing in the next', () => {
    const bank = account()
    const rent = (bookedOn: string) => row({ bookedOn, aliases: [alias('transaction_id', 'RENT-0001')], text: 'rent' })
    bank.take([rent('2026-02-01')])
    expect(verdicts(bank.take([rent('2026-03-01')]))).toEqual(['new'])
  })

  it('an id on another day is the same row only if the answer could have shown the old day too', () => {
    const ids = { text: 'daily rate', aliases: [alias('transaction_id', 'DAILY-0001')] }
    const bank = account()
    bank.take([row(ids)])
    expect(bank.take([row({ ...ids, bookedOn: '2026-03-11' })]).decisions).toMatchObject([
      { verdict: 'new', possibleDuplicateOf: 't1' },
    ])
    const corrected = account()
    corrected.take([row(ids)])
    expect(
      verdicts(corrected.take([row({ ...ids, bookedOn: '2026-03-11' })], range('2026-03-09', '2026-03-11'))),
    ).toEqual(['t1 B'])
  })

  it('kinds that the bank is known to reuse are left out', () => {
    const bank = account()
    const incoming = (text: string) => [row({ text, aliases: [alias('transaction_id', 'TX-100-200')] })]
    bank.take(incoming('INV 101'))
    expect(verdicts(bank.take(incoming('INV 202'), { untrustedKinds: ['transaction_id'] }))).toEqual(['new'])
  })

  it('strong evidence is served before weak', () => {
    const bank = account()
    bank.take([row({ text: 'hosting', aliases: [alias('transaction_id', 'TX-000-001')] })])
    // The first row is equal in content, but the second has the id.
    const answer = bank.take([
      row({ text: 'hosting', aliases: [alias('transaction_id', 'TX-000-002')] }),
      row({ text: 'hosting', aliases: [alias('transaction_id', 'TX-000-001')] }),
    ])
    expect(verdicts(answer)).toEqual(['new', 't1 B'])
  })
})

describe('content', () => {
  it('twins of a day stay two, and two they stay', () => {
    const bank = account()
    expect(verdicts(bank.take([row(), row()]))).toEqual(['new', 'new'])
    expect(verdicts(bank.take([row(), row()]))).toEqual(['t1 D', 't2 D'])
    expect(verdicts(bank.take([row(), row(), row()]))).toEqual(['t1 D', 't2 D', 'new'])
    expect(verdicts(bank.take([row()]))).toEqual(['t1 D'])
  })

  it('text is compared without what banks change', () => {
    const bank = account()
    bank.take([
      row({ text: 'CARD 1234XXXXXXXX5678 10.03.2026 14:05 Invoice INV-\n1001', counterpartyName: 'Müller GmbH' }),
    ])
    const answer = bank.take([row({ text: 'Card **** 5678  INVOICE INV-1001', counterpartyName: 'MULLER GMBH' })])
    expect(verdicts(answer)).toEqual(['t1 D'])
  })

  it('two ledger references on a day not held whole are two payments', () => {
    const notice = (ref: string) => [row({ text: 'QR credit', aliases: [alias('acct_svcr_ref', ref)] })]
    const bank = account()
    bank.take(notice('REF-000001'), { source: 'file', notice: true })
    expect(verdicts(bank.take(notice('REF-000002'), { source: 'file', notice: true }))).toEqual(['new'])
    expect(verdicts(bank.take(notice('REF-000001'), { source: 'file', notice: true }))).toEqual(['t1 B'])
  })

  it('a bank that tells a whole day otherwise has not moved money', () => {
    const bank = account()
    bank.take([row({ text: 'KORTKOEB 10.03 KIWI', aliases: [alias('transaction_id', 'TX-OLD-1')] })], whole)
    const answer = bank.take([row({ text: 'Groceries', aliases: [alias('transaction_id', 'TX-NEW-1')] })], whole)
    expect(verdicts(answer)).toEqual(['t1 day'])
    expect(answer.missingAtBank).toEqual([])
  })

  it('of several told otherwise, facts and ids do not change hands', () => {
    const bank = account()
    bank.take([row({ text: 'first' }), row({ text: 'second' })], whole)
    const answer = bank.take([row({ text: 'zweite' }), row({ text: 'erste' })], whole)
    expect(answer.decisions).toEqual([
      { verdict: 'same', id: 't1', layer: 'day', update: {}, aliases: [] },
      { verdict: 'same', id: 't2', layer: 'day', update: {}, aliases: [] },
    ])
  })

  it('another payer in place of one that is gone is for a person to judge', () => {
    const bank = account()
    bank.take([row({ counterpartyName: 'Alice Archer' })], whole)
    const answer = bank.take([row({ counterpartyName: 'Bob Baker' })], whole)
    expect(answer.decisions).toMatchObject([{ verdict: 'new', possibleDuplicateOf: 't1' }])
    expect(answer.missingAtBank).toEqual(['t1'])
  })

  it('a row that the bank gave another day is the same', () => {
    const bank = account()
    bank.take([row({ text: 'hosting', bookedOn: '2026-03-09' })])
    const answer = bank.take([row({ text: 'hosting', bookedOn: '2026-03-11' })], range('2026-03-08', '2026-03-12'))
    expect(answer.decisions).toMatchObject([{ verdict: 'same', layer: 'moved', update: { bookedOn: '2026-03-11' } }])
  })

  it('what a complete day no longer holds is missing; what lies outside is not', () => {
    const bank = account()
    bank.take([
      row({ text: 'gone' }),
      row({ text: 'stays', amountMinor: 5n }),
      row({ text: 'old', bookedOn: '2026-03-01' }),
    ])
    bank.take([row({ text: 'pending', status: 'pending' })])
    expect(bank.take([row({ text: 'stays', amountMinor: 5n })], whole).missingAtBank).toEqual(['t1'])
    expect(bank.take([]).missingAtBank).toEqual([])
  })
})

describe('pending', () => {
  const pending = (facts: Partial<IncomingRow> = {}) => row({ status: 'pending', ...facts })

  it('becomes booked under another id, day and text, and keeps ours', () => {
    const bank = account()
    bank.take([pending({ text: 'authorisation', aliases: [alias('transaction_id', 'PEND-00001')] })])
    const key = bank.rows()[0]!.identityKey
    const answer = bank.take([
      row({ bookedOn: '2026-03-12', text: 'Pixelmoor INV 1001', aliases: [alias('transaction_id', 'BOOK-00001')] }),
    ])
    expect(answer.decisions).toEqual([
      {
        verdict: 'same',
        id: 't1',
        layer: 'E',
        update: { status: 'booked', bookedOn: '2026-03-12', text: 'Pixelmoor INV 1001' },
        aliases: [alias('transaction_id', 'BOOK-00001')],
      },
    ])
    expect(bank.rows()).toMatchObject([{ id: 't1', status: 'booked', identityKey: key }])
  })

  it('is never made of what is booked, in whatever order both come', () => {
    const bank = account()
    const ids = { aliases: [alias('transaction_id', 'TX-100-200')] }
    bank.take([row(ids)])
    expect(bank.take([pending({ ...ids, text: 'authorisation' })]).decisions).toEqual([
      { verdict: 'same', id: 't1', layer: 'B', update: {}, aliases: [] },
    ])
    bank.take([pending({ aliases: [alias('transaction_id', 'PEND-1')] }), row(ids)])
    expect(bank.rows()[0]).toMatchObject({ id: 't1', status: 'booked' })
  })

  it('that lingers in the list does not take the place of its booked self', () => {
    const bank = account()
    const early = pending({ aliases: [alias('transaction_id', 'PEND-00001')] })
    const late = row({ bookedOn: '2026-03-11', aliases: [alias('transaction_id', 'BOOK-00001')] })
    bank.take([early])
    bank.take([late])
    const answer = bank.take([early, late])
    expect(answer.decisions[1]).toMatchObject({ verdict: 'same', id: 't1' })
    expect(bank.rows().filter(({ status }) => status === 'booked')).toHaveLength(1)
  })

  it('is used once, nearest first, and not across accounts of the payer or more than a week', () => {
    const bank = account()
    bank.take([pending({ bookedOn: '2026-03-05' }), pending({ bookedOn: '2026-03-09' })])
    expect(verdicts(bank.take([row(), row({ bookedOn: '2026-03-11' })]))).toEqual(['t2 E', 't1 E'])
    const other = account()
    other.take([pending({ counterpartyIban: 'DE89370400440532013000' })])
    expect(verdicts(other.take([row({ counterpartyIban: 'GB29NWBK60161331926819' })]))).toEqual(['new'])
    expect(verdicts(other.take([row({ bookedOn: '2026-03-18' })]))).toEqual(['new'])
    expect(verdicts(other.take([row({ bookedOn: '2026-03-08' })]))).toEqual(['new'])
  })
})

describe('a file over a period the API has read', () => {
  const api = [
    row({ counterpartyName: 'Tidewater Optics', text: 'INV 101', aliases: [alias('internal', 'i-0000001')] }),
    row({ counterpartyName: 'Greenfold Farms', text: 'INV 102', aliases: [alias('internal', 'i-0000002')] }),
    row({ counterpartyName: 'Greenfold Farms', text: 'INV 103', aliases: [alias('internal', 'i-0000003')] }),
    row({ text: 'Account fee', amountMinor: -5_00n, aliases: [alias('internal', 'i-0000004')] }),
  ]

  it('creates nothing and mixes no payers up, whatever its order', () => {
    const bank = account()
    bank.take(api)
    const file = [
      row({ text: 'CREDIT TRANSFER GREENFOLD FARMS INV 103' }),
      row({ text: 'CREDIT TRANSFER GREENFOLD FARMS INV 102' }),
      row({ text: 'CREDIT TRANSFER TIDEWATER OPTICS INV 101' }),
      row({ text: 'Kontoführung', amountMinor: -5_00n }),
    ]
    expect(verdicts(bank.take(file, { source: 'file' }))).toEqual(['t3 F', 't2 F', 't1 F', 't4 day'])
    expect(verdicts(bank.take(file.reverse(), { source: 'file' }))).toEqual(['t4 day', 't1 F', 't2 F', 't3 F'])
    expect(bank.rows()).toHaveLength(4)
  })

  it('knows a payment by its value day or a shift of two days within the file', () => {
    const bank = account()
    bank.take([row({ counterpartyName: 'Tidewater Optics', text: 'INV 101', valueOn: '2026-03-12' })])
    const answer = bank.take(
      [
        row({ text: 'start', amountMinor: 1n, bookedOn: '2026-03-09' }),
        row({ text: 'TIDEWATER OPTICS INV 101', bookedOn: '2026-03-12' }),
      ],
      { source: 'file' },
    )
    expect(verdicts(answer)).toEqual(['new', 't1 F'])
  })

  it('adds what the API did not have, once', () => {
    const bank = account()
    bank.take(api.slice(0, 1))
    const file = [row({ text: 'TIDEWATER OPTICS INV 101' }), row({ text: 'CASA VERANO INV 104' })]
    expect(verdicts(bank.take(file, { source: 'file' }))).toEqual(['t1 F', 'new'])
    expect(verdicts(bank.take(file, { source: 'file' }))).toEqual(['t1 F', 't2 D'])
    // And the API, when it comes to see that payment, does not add it again.
    const late = row({ counterpartyName: 'Casa Verano', text: 'INV 104', aliases: [alias('internal', 'i-0000009')] })
    expect(verdicts(bank.take([api[0]!, late]))).toEqual(['t1 A', 't2 F'])
  })

  it('the same payment of the next day is another one when the file begins there', () => {
    const bank = account()
    const daily = (bookedOn: string) => row({ bookedOn, counterpartyName: 'Casa Verano', text: 'daily rate' })
    bank.take([daily(DAY)])
    expect(verdicts(bank.take([daily('2026-03-11'), daily('2026-03-12')], { source: 'file' }))).toEqual(['new', 'new'])
  })

  it('leaves to a person what it can neither join nor tell apart', () => {
    const bank = account()
    bank.take([row({ counterpartyName: 'Alice Archer', text: 'thanks' })])
    const answer = bank.take([row({ counterpartyName: 'A. B. Holding', text: 'services' })], { source: 'file' })
    expect(answer.decisions).toMatchObject([{ verdict: 'new', possibleDuplicateOf: 't1' }])
  })

  it('another account number is another payment, without doubt', () => {
    const bank = account()
    bank.take([row({ counterpartyIban: 'DE89370400440532013000' })])
    const answer = bank.take([row({ counterpartyIban: 'GB29NWBK60161331926819' })], { source: 'file' })
    expect(answer.decisions).toMatchObject([{ verdict: 'new', possibleDuplicateOf: null }])
  })

  it('fills what the stored row lacks and overwrites nothing', () => {
    const bank = account()
    bank.take([row({ text: 'INV 101', counterpartyName: 'Tidewater Optics' })])
    const [decision] = bank.take(
      [row({ text: 'TIDEWATER OPTICS INV 101', counterpartyIban: 'DE89370400440532013000', valueOn: DAY })],
      { source: 'file' },
    ).decisions
    expect(decision).toMatchObject({ update: { counterpartyIban: 'DE89370400440532013000', valueOn: DAY } })
    expect(bank.rows()[0]).toMatchObject({ text: 'INV 101', counterpartyName: 'Tidewater Optics' })
  })
})

describe('a collective entry and its details', () => {
  const entry = (ref: string, amountMinor: bigint, more: Partial<IncomingRow> = {}) =>
    row({ amountMinor, text: 'QR collective credit', aliases: [alias('acct_svcr_ref', ref)], ...more })
  const details = ['INV 1', 'INV 2', 'INV 3'].map((text, n) =>
    row({
      amountMinor: [100_00n, 120_00n, 80_00n][n]!,
      text,
      aliases: [alias('acct_svcr_ref', `S1-${n + 1}`)],
      collective: { refs: ['S1'], amountMinor: 300_00n },
    }),
  )
  const file = { source: 'file', notice: true } as const
  const sum = (rows: StoredRow[]): bigint => rows.reduce((total, each) => total + each.amountMinor, 0n)

  it('are one amount, whichever comes first and however often', () => {
    const first = account()
    first.take([entry('S1', 300_00n), entry('S2', 20_00n)], { source: 'file' })
    for (const again of [details, details, [entry('S1', 300_00n), entry('S2', 20_00n)]]) first.take(again, file)
    expect([first.rows().length, sum(first.rows())]).toEqual([2, 320_00n])

    const second = account()
    second.take(details, file)
    for (const again of [[entry('S1', 300_00n)], details, [entry('S1', 300_00n)]]) second.take(again, file)
    expect([second.rows().length, sum(second.rows())]).toEqual([3, 300_00n])
  })

  it('are told apart when they do not add up, or stand weeks apart', () => {
    const bank = account()
    bank.take([entry('S1', 310_00n), entry('S1', 300_00n, { bookedOn: '2026-02-10' })], { source: 'file' })
    expect(verdicts(bank.take(details, file))).toEqual(['new', 'new', 'new'])
  })

  it('a single detail is the entry told better', () => {
    const single = row({
      amountMinor: 20_00n,
      text: 'INV 12',
      counterpartyName: 'Atelier Roux',
      aliases: [alias('acct_svcr_ref', 'S2-1')],
      collective: { refs: ['S2'], amountMinor: 20_00n },
    })
    const bank = account()
    bank.take([entry('S2', 20_00n)], { source: 'file' })
    expect(bank.take([single], file).decisions).toMatchObject([
      { id: 't1', update: { counterpartyName: 'Atelier Roux' } },
    ])
    const other = account()
    other.take([single], file)
    expect(verdicts(other.take([entry('S2', 20_00n)], { source: 'file' }))).toEqual(['t1 C'])
  })

  it('a notice of a known entry adds no money, even under a short reference', () => {
    const bank = account()
    bank.take([entry('S2', 20_00n)], { source: 'file' })
    const answer = bank.take([entry('S2', 20_00n, { text: 'INV 12 Atelier Roux', bookedOn: '2026-03-11' })], file)
    expect(verdicts(answer)).toEqual(['t1 C'])
  })
})

describe('cases from the field', () => {
  const csv = (lines: string[]): IncomingRow[] =>
    lines.map((line) => {
      const [bookedOn = '', text = '', amount = ''] = line.split(',')
      return row({ bookedOn, text, amountMinor: BigInt(amount.replace('.', '')), currency: 'EUR' })
    })

  it('072: the same amount some days later is another payment (actualbudget/actual#608)', () => {
    const bank = account()
    bank.take(csv(['2026-08-30,Transit,-2.30']), { source: 'file' })
    const answer = bank.take(csv(['2026-09-01,Transit,-2.30', '2026-09-01,Transit,-2.30']), { source: 'file' })
    expect(answer.decisions).toMatchObject([{ possibleDuplicateOf: null }, { possibleDuplicateOf: null }])
    expect(bank.rows()).toHaveLength(3)
  })

  it('074: a row that appears later with an older day is new (hledger#1943)', () => {
    const bank = account()
    bank.take(csv(['2026-01-03,Stationer,-20.00']), { source: 'file' })
    expect(
      verdicts(bank.take(csv(['2026-01-01,Hotel,-35.00', '2026-01-03,Stationer,-20.00']), { source: 'file' })),
    ).toEqual(['new', 't1 D'])
  })

  it('076: an id is unique within its account only (firefly-iii#10914)', () => {
    // Each account is identified by itself, so the other one's rows are never among the stored.
    for (const amountMinor of [10_00n, 20_00n]) {
      const bank = account()
      expect(verdicts(bank.take([row({ amountMinor, aliases: [alias('fitid', '000001')] })]))).toEqual(['new'])
    }
  })

  it('078: a statement with a collective entry, then its notification (OCA/bank-statement-import#580)', () => {
    const bank = account()
    const ref = (value: string) => [alias('acct_svcr_ref', value)]
    const day = { bookedOn: '2026-06-02', valueOn: '2026-06-02', currency: 'CHF' }
    const statement = [
      row({ ...day, amountMinor: 300_00n, text: 'QR collective credit', aliases: ref('S1') }),
      row({ ...day, amountMinor: 20_00n, text: 'INV 12', counterpartyName: 'Atelier Roux', aliases: ref('S2') }),
    ]
    const parts: [bigint, string][] = [
      [100_00n, 'Tidewater Optics'],
      [120_00n, 'Greenfold Farms'],
      [80_00n, 'Casa Verano'],
    ]
    const notification = parts.map(([amountMinor, counterpartyName], n) =>
      row({
        ...day,
        amountMinor,
        counterpartyName,
        text: `INV ${n + 1}`,
        aliases: ref(`S1-${n + 1}`),
        collective: { refs: ['S1'], amountMinor: 300_00n },
      }),
    )
    bank.take(statement, { source: 'file' })
    const answer = bank.take(notification, { source: 'file', notice: true })
    expect(answer.decisions).toEqual(parts.map(() => ({ verdict: 'covered', by: ['t1'] })))
    expect(bank.rows().reduce((total, each) => total + each.amountMinor, 0n)).toBe(320_00n)
  })
})

describe('always', () => {
  const NAMES = ['Tidewater Optics', 'Greenfold Farms', 'Casa Verano', '']
  const START = '2026-03-01'
  const LAST = 11
  const facts = fc.record({
    step: fc.integer({ min: 0, max: LAST }),
    amountMinor: fc.constantFrom(10_00n, 20_00n, -10_00n),
    name: fc.constantFrom(...NAMES),
    text: fc.constantFrom('INV 101', 'INV 102', 'hosting', ''),
    id: fc.constantFrom('own', 'own', 'none', 'junk', 'shared'),
  })
  type Facts = typeof facts extends fc.Arbitrary<infer T> ? T : never
  /** A history as the bank would tell it: twins are frequent, ids good, missing, useless or shared by all. */
  const history = fc
    .array(facts, { maxLength: 25 })
    .map((list) =>
      list
        .map((each, n) => incomingOf(each, n, 'x'))
        .sort((a, b) => (a.bookedOn < b.bookedOn ? -1 : a.bookedOn > b.bookedOn ? 1 : 0)),
    )
  function incomingOf({ step, amountMinor, name, text, id }: Facts, n: number, issue: string): IncomingRow {
    const ids = {
      own: [alias('internal', `${issue}-internal-${n}`), alias('transaction_id', `${issue}-id-${n}`)],
      none: [],
      junk: [alias('transaction_id', 'NOTPROVIDED'), alias('end_to_end', ' ')],
      shared: [alias('transaction_id', 'SHARED-ID-1')],
    }[id as 'own']
    return row({ bookedOn: addDays(START, step), amountMinor, counterpartyName: name, text, aliases: ids })
  }
  const reissue = (rows: IncomingRow[]): IncomingRow[] =>
    rows.map((each, n) => ({ ...each, aliases: each.aliases.map(({ kind }) => alias(kind, `new-${kind}-${n}`)) }))
  const all = range(START, addDays(START, LAST))
  const maybeWhole = fc.constantFrom({}, all)
  const contents = (rows: readonly StoredRow[]): string[] => rows.map(fingerprint).sort()
  const created = (answer: { decisions: Decision[] }): Decision[] =>
    answer.decisions.filter(({ verdict }) => verdict === 'new')
  const settings = { numRuns: 300 }

  it('importing anything twice creates nothing and misses nothing', () => {
    const pendingToo = fc
      .tuple(history, fc.infiniteStream(fc.boolean()))
      .map(([rows, flips]) => rows.map((each) => (flips.next().value ? each : { ...each, status: 'pending' as const })))
    fc.assert(
      fc.property(pendingToo, maybeWhole, fc.constantFrom('bank' as const, 'file' as const), (rows, days, source) => {
        const bank = account()
        expect(created(bank.take(rows, { ...days, source }))).toHaveLength(rows.length)
        const before = bank.rows().map(({ id, status, identityKey }) => ({ id, status, identityKey }))
        const answer = bank.take(rows, { ...days, source })
        expect(created(answer)).toEqual([])
        expect(answer.missingAtBank).toEqual([])
        expect(bank.rows().map(({ id, status, identityKey }) => ({ id, status, identityKey }))).toEqual(before)
      }),
      settings,
    )
  })

  it('overlapping windows give what one read gives', () => {
    const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 })), { maxLength: 6 })
    fc.assert(
      fc.property(history, cuts, fc.boolean(), (rows, cuts, says) => {
        const once = account()
        once.take(rows)
        const parts = account()
        let from = 0
        for (const [length, overlap] of [...cuts, [LAST + 1, 0] as [number, number]]) {
          const window = range(addDays(START, Math.max(0, from - overlap)), addDays(START, from + length - 1))
          const inside = rows.filter(
            ({ bookedOn }) => bookedOn >= window.completeDays.from && bookedOn <= window.completeDays.to,
          )
          expect(parts.take(inside, says ? window : {}).missingAtBank).toEqual([])
          from += length
        }
        expect(contents(parts.rows())).toEqual(contents(once.rows()))
      }),
      settings,
    )
  })

  it('new ids for everything create nothing and change no key', () => {
    fc.assert(
      fc.property(history, maybeWhole, (rows, days) => {
        const bank = account()
        bank.take(rows, days)
        const keys = bank.rows().map(({ identityKey }) => identityKey)
        expect(created(bank.take(reissue(rows), days))).toEqual([])
        expect(bank.rows().map(({ identityKey }) => identityKey)).toEqual(keys)
      }),
      settings,
    )
  })

  it('the order within the answer changes neither what there is nor its keys', () => {
    const shuffled = history.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    )
    fc.assert(
      fc.property(shuffled, ([rows, mixed]) => {
        const [one, other] = [account(), account()]
        one.take(rows)
        other.take(mixed)
        const keys = (rows: readonly StoredRow[]): string[] => rows.map(({ identityKey }) => identityKey).sort()
        expect(keys(other.rows())).toEqual(keys(one.rows()))
        expect(created(one.take(mixed))).toEqual([])
      }),
      settings,
    )
  })

  it('k equal rows are k transactions with k keys, and never more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), (first, second) => {
        const bank = account()
        const equal = (count: number): IncomingRow[] => Array.from({ length: count }, () => row({ text: 'parking' }))
        bank.take(equal(first))
        bank.take(equal(second))
        expect(bank.rows()).toHaveLength(Math.max(first, second))
        expect(new Set(bank.rows().map(({ identityKey }) => identityKey)).size).toBe(bank.rows().length)
      }),
      settings,
    )
  })

  it('the same period as a file, with the payer in the text and no ids, creates nothing', () => {
    fc.assert(
      fc.property(history, (rows) => {
        const bank = account()
        bank.take(rows, all)
        const file = rows.map((each) =>
          row({
            bookedOn: each.bookedOn,
            amountMinor: each.amountMinor,
            text: `CREDIT TRANSFER ${each.counterpartyName.toUpperCase()} ${each.text}`,
          }),
        )
        expect(created(bank.take(file, { source: 'file' }))).toEqual([])
        expect(created(bank.take(file, { source: 'file' }))).toEqual([])
        expect(created(bank.take(reissue(rows), all))).toEqual([])
      }),
      settings,
    )
  })

  it('a stored row answers for one incoming row only, and every new row has its own key', () => {
    fc.assert(
      fc.property(history, history, fc.constantFrom('bank' as const, 'file' as const), (first, second, source) => {
        const bank = account()
        bank.take(first)
        const answer = bank.take(reissue(second), { source })
        const same = answer.decisions.flatMap((decision) => (decision.verdict === 'same' ? [decision.id] : []))
        expect(new Set(same).size).toBe(same.length)
        const keys = bank.rows().map(({ identityKey }) => identityKey)
        expect(new Set(keys).size).toBe(keys.length)
      }),
      settings,
    )
  })
})

describe('identityKey', () => {
  it('names content and ordinal, not ids, and never changes its form', () => {
    const facts = row({ text: 'INV 1001', counterpartyName: 'Tidewater Optics' })
    expect(identityKey({ ...facts, aliases: [alias('internal', 'abc')] }, 1)).toBe(identityKey(facts, 1))
    expect(identityKey(facts, 2)).not.toBe(identityKey(facts, 1))
    expect(identityKey({ ...facts, amountMinor: -10_00n }, 1)).not.toBe(identityKey(facts, 1))
    expect(identityKey({ ...facts, bookedOn: '2026-03-11' }, 1)).not.toBe(identityKey(facts, 1))
    expect(identityKey(facts, 1)).toMatchInlineSnapshot(`"c1:SV0qYOtQ8dMr6vuYyM6BadRPDe8:1"`)
  })
})

describe('normaliseForIdentity', () => {
  it.each([
    ['Rechnung 10/2026', 'RECHNUNG102026'],
    ['INV-\n1001', 'INV1001'],
    ['ＩＮＶ　１００１', 'INV1001'],
    ['Łódź Müller & Söhne', 'LODZMULLERSOHNE'],
    ['EndToEndID: NOTPROVIDED', ''],
    ['15.03 KIWI 505', 'KIWI505'],
    ['2026-03-15T10:22:07 KIWI', 'KIWI'],
    ['15.03.2026 14:05 UHR KIWI', 'KIWI'],
    ['INV 12/05', 'INV1205'],
    ['CARD 1234XXXXXXXX5678', 'CARD'],
    ['MAXXX LTD', 'MAXXXLTD'],
  ])('%j → %s', (text, normal) => expect(normaliseForIdentity(text)).toBe(normal))
})
