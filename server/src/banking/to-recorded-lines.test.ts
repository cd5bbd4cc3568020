import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../base/clock.ts'
import type { StatementEntry } from '../statements/index.ts'
import { batchesByDay, completeDays, toRecordedLines } from './to-recorded-lines.ts'

const entry = (change: Partial<StatementEntry> = {}): StatementEntry => ({
  line: 1,
  amountMinor: 1_000n,
  currency: 'EUR',
  direction: 'credit',
  bookedOn: '2026-03-10',
  valueOn: null,
  reference: 'INV 1',
  description: 'INV 1',
  counterparty: { name: 'Tidewater', iban: null },
  bankIds: [],
  ...change,
})

describe('toRecordedLines', () => {
  it('shows the strongest id that is one, and keeps all as aliases', () => {
    const ids = [
      { kind: 'end_to_end', value: 'P-1' },
      { kind: 'acct_svcr_ref', value: 'R-1' },
    ]
    expect(toRecordedLines([entry({ bankIds: ids })], 'EUR')).toMatchObject([{ externalId: 'R-1', aliases: ids }])
    expect(toRecordedLines([entry({ bankIds: [ids[0]!] })], 'EUR')).toMatchObject([{ externalId: null }])
  })

  it('gives the details of a collective entry its references and signed total', () => {
    const detail = (amountMinor: bigint, direction: 'credit' | 'debit', line = 7) =>
      entry({ amountMinor, direction, line, bankIds: [{ kind: 'entry_ref', value: 'S1' }] })
    const lines = toRecordedLines(
      [detail(500n, 'credit'), detail(200n, 'debit'), detail(90n, 'credit', 8), entry()],
      'EUR',
    )
    expect(lines.map((line) => line.collective)).toEqual([
      { refs: ['S1'], amountMinor: 300n },
      { refs: ['S1'], amountMinor: 300n },
      { refs: ['S1'], amountMinor: 90n },
      undefined,
    ])
    expect(lines[0]).toMatchObject({ aliases: [], externalId: null })
  })
})

describe('completeDays', () => {
  const of = (days: string[], balanceCheck: 'ok' | 'gap' | 'unknown' = 'ok') => ({
    balanceCheck,
    entries: days.map((bookedOn) => entry({ bookedOn })),
  })

  it.each([
    ['strictly inside', 'camt.053', of(['2026-03-05', '2026-03-01']), { from: '2026-03-02', to: '2026-03-04' }],
    ['over the end of February', 'mt940', of(['2026-02-27', '2026-03-02']), { from: '2026-02-28', to: '2026-03-01' }],
    ['two neighbours', 'mt940', of(['2026-03-01', '2026-03-02']), null],
    ['one day', 'camt.053', of(['2026-03-01']), null],
    ['none', 'camt.053', of([]), null],
    ['balances that do not add up', 'mt940', of(['2026-03-01', '2026-03-05'], 'gap'), null],
    ['no balances', 'csv', of(['2026-03-01', '2026-03-05'], 'unknown'), null],
    ['a notification', 'camt.054', of(['2026-03-01', '2026-03-05']), null],
    ['an intraday report', 'camt.052', of(['2026-03-01', '2026-03-05']), null],
  ] as const)('%s', (_what, format, account, expected) => {
    expect(completeDays(format, account)).toEqual(expected)
  })
})

describe('batchesByDay', () => {
  const offsets = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 })

  it('loses nothing, splits no day, and gives each covered day to one batch', () => {
    fc.assert(
      fc.property(offsets, fc.integer({ min: 1, max: 20 }), (days, most) => {
        const lines = toRecordedLines(
          days.map((offset, line) => entry({ line, bookedOn: addDays('2026-03-01', offset) })),
          'EUR',
        )
        const covers = { from: '2026-03-01', to: '2026-03-31' }
        const batches = batchesByDay(lines, covers, most)
        expect(new Set(batches.flatMap((batch) => batch.lines))).toEqual(new Set(lines))
        const perDay = Map.groupBy(
          batches.flatMap((batch, at) => batch.lines.map((line) => ({ at, day: line.bookedOn }))),
          (one) => one.day,
        )
        for (const found of perDay.values()) expect(new Set(found.map((one) => one.at)).size).toBe(1)
        const covered = batches.flatMap((batch) => {
          const dates: string[] = []
          for (let day = batch.covers!.from; day <= batch.covers!.to; day = addDays(day, 1)) dates.push(day)
          return dates
        })
        expect(covered).toEqual(Array.from({ length: 31 }, (_, n) => addDays('2026-03-01', n)))
        for (const batch of batches.slice(0, -1))
          expect(batch.lines.length).toBeGreaterThanOrEqual(Math.min(most, lines.length))
      }),
    )
  })
})
