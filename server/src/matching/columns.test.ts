import { describe, expect, it } from 'vitest'
import { isCut, learnColumns } from './columns.ts'
import type { MatchTransaction } from './types.ts'

const line = (description: string, reference = ''): MatchTransaction => ({
  id: description,
  amountMinor: 100n,
  currency: 'EUR',
  direction: 'credit',
  date: '2026-08-14',
  reference,
  description,
  counterparty: { name: '', iban: null },
})

const names = ['Ada Brook', 'Marlow Hosting', 'Thornfield Estates', 'Redfern Audio', 'Southbank Cycles', 'Kalda']
const purposes = [
  'invoice for webhosting in August',
  'thank you very much for the server',
  'renewal of our domain, as agreed',
]
const long = names.flatMap((name) => purposes.map((purpose) => `${name} ${purpose}`))

describe('learnColumns', () => {
  it('finds the length at which a bank cuts, and which lines it cut', () => {
    const lines = [...long.map((text) => line(text.slice(0, 30))), line('Ada Brook thanks')]
    const columns = learnColumns(lines)
    expect([...columns.cuts.description]).toEqual([30])
    expect(isCut(line(long[0]?.slice(0, 30) ?? ''), columns)).toBe(true)
    expect(isCut(line('Ada Brook thanks'), columns)).toBe(false)
  })

  it('finds the end of a room that the bank fills with its own words', () => {
    const lines = long.map(() => line('BONIFICO A VOSTRO FA'))
    expect([...learnColumns(lines).cuts.description]).toEqual([20])
  })

  it('finds none among texts of all lengths', () => {
    expect(learnColumns(long.map((text) => line(text))).cuts.description.size).toBe(0)
  })

  it('takes no code for a text that was cut', () => {
    const lines = Array.from({ length: 20 }, (_, at) => line(`SCP ${100 + at} / 12345678${10 + at}`))
    expect(learnColumns(lines).cuts.description.size).toBe(0)
  })

  it('finds the width after which a bank puts blanks', () => {
    const broken = long.map((text) => line(text.replace(/(.{24})/g, '$1 ')))
    expect(learnColumns(broken).wraps).toContain(24)
    expect(learnColumns(long.map((text) => line(text))).wraps).toEqual([])
  })
})
