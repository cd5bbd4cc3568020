import { describe, expect, it } from 'vitest'
import { compareDays, compareNames, markNumber, markWords, segmentsOf } from './marks.ts'

const shown = (text: string, ranges: Parameters<typeof segmentsOf>[1]): string =>
  segmentsOf(text, ranges)
    .map((one) => (one.kind === 'same' ? `[${one.text}]` : one.kind === 'other' ? `{${one.text}}` : one.text))
    .join('')

describe('the number of an invoice in a text', () => {
  it.each([
    ['Rechnung FL-20633 vom Mai', 'FL-20633', 'named', 'Rechnung [FL-20633] vom Mai', '[FL-20633]'],
    ['rechnung fl 20633', 'FL-20633', 'named', 'rechnung [fl 20633]', '[FL-20633]'],
    ['invoice 20633', 'FL-20633', 'named', 'invoice [20633]', 'FL-[20633]'],
    ['Rechnung FL-20558', 'FL-20559', 'nearly', 'Rechnung FL-[2055]{8}', 'FL-[2055]{9}'],
    ['Rechnung FL-11872', 'FL-20559', 'another', 'Rechnung {FL-11872}', 'FL-20559'],
    ['Danke', 'FL-20559', 'absent', 'Danke', 'FL-20559'],
    ['IBAN 9920633001', 'FL-20633', 'absent', 'IBAN 9920633001', 'FL-20633'],
    ['Nr. 42', '42', 'named', 'Nr. [42]', '[42]'],
    ['', '', 'absent', '', ''],
  ])('%s beside %s: %s', (text, number, state, inText, inNumber) => {
    const marks = markNumber(text, number)
    expect(marks.state).toBe(state)
    expect(shown(text, marks.text)).toBe(inText)
    expect(shown(number, marks.number)).toBe(inNumber)
  })
})

describe('names', () => {
  it('agree whatever the case, accents and legal form', () => {
    expect(shown('MUELLER UND SOEHNE GMBH', markWords('MUELLER UND SOEHNE GMBH', 'Müller & Söhne KG'))).toBe(
      '[MUELLER] UND [SOEHNE] GMBH',
    )
    expect(compareNames('MUELLER UND SOEHNE GMBH', 'Müller & Söhne KG')).toBe('same')
    expect(compareNames('Lucia Ahlers', 'Lucía Ahlers')).toBe('same')
  })
  it('agree where a bank cut the last word off', () => {
    const [cut, whole] = ['ACHTERBERG UND PARTNER STEUERBER', 'Achterberg & Partner Steuerberatungsgesellschaft mbH']
    expect(shown(cut, markWords(cut, whole))).toBe('[ACHTERBERG] UND [PARTNER] [STEUERBER]')
    expect(shown('Anna Pet', markWords('Anna Pet', 'Anna Petersen'))).toBe('[Anna] Pet')
    expect(shown('Peters Anna', markWords('Peters Anna', 'Anna Petersen'))).toBe('Peters [Anna]')
  })
  it('agree in part, or not', () => {
    expect(compareNames('Anna Petersen', 'Katrin Petersen')).toBe('partly')
    expect(compareNames('Anna Petersen', 'Corinne Marino')).toBe('different')
    expect(compareNames('', 'Corinne Marino')).toBe('unknown')
  })
})

describe('days', () => {
  it.each([
    ['2026-11-02T00:00:00Z', '2026-10-20', '2026-11-03', 'before_due', 1],
    ['2026-11-03', '2026-10-20', '2026-11-03', 'same', 0],
    ['2026-11-13', '2026-10-20', '2026-11-03', 'after_due', 10],
    ['2026-10-15', '2026-10-20', '2026-11-03', 'before_issue', 5],
    ['2026-10-25', '2026-10-20', null, 'unknown', 0],
  ])('%s for an invoice of %s, due %s: %s, %i', (paid, issued, due, state, days) => {
    expect(compareDays(paid, issued, due)).toEqual({ state, days })
  })
})
