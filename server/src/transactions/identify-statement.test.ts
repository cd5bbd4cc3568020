import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAmount } from '../base/money.ts'
import { readStatement } from '../statements/index.ts'
import { identify, rowsOfStatement, type StoredRow } from './identify.ts'

const data = process.env.PAYYMO_DATA ?? join(import.meta.dirname, '../../../../shared/data')
const present = existsSync(join(data, 'cases'))

interface Case {
  id: string
  title: string
  kind: string
  currency: string
  steps: { file: string; account?: string }[]
  expect: { after: (number | number[])[]; credits?: string; debits?: string }
}

const cases = globSync('cases/*/case.json', { cwd: data })
  .map((path) => ({
    folder: join(data, dirname(path)),
    ...(JSON.parse(readFileSync(join(data, path), 'utf8')) as Case),
  }))
  .filter(({ kind }) => kind === 'dedup')
  .sort((a, b) => (a.id < b.id ? -1 : 1))

describe('rowsOfStatement', () => {
  it('signs amounts and gathers the details of an entry', () => {
    const line = {
      line: 7,
      currency: 'CHF',
      direction: 'credit' as const,
      bookedOn: '2026-06-02',
      valueOn: null,
      description: 'INV 1',
      counterparty: { name: 'Casa Verano', iban: null },
    }
    const entry = { kind: 'entry_ref', value: 'S1' }
    const rows = rowsOfStatement([
      { ...line, amountMinor: 100n, bankIds: [{ kind: 'acct_svcr_ref', value: 'S1-1' }, entry] },
      { ...line, amountMinor: 30n, direction: 'debit', bankIds: [entry] },
      { ...line, line: 9, amountMinor: 5n, bankIds: [] },
    ])
    expect(rows.map(({ amountMinor, aliases, collective }) => ({ amountMinor, aliases, collective }))).toEqual([
      {
        amountMinor: 100n,
        aliases: [{ kind: 'acct_svcr_ref', value: 'S1-1' }],
        collective: { refs: ['S1'], amountMinor: 70n },
      },
      { amountMinor: -30n, aliases: [], collective: { refs: ['S1'], amountMinor: 70n } },
      { amountMinor: 5n, aliases: [], collective: undefined },
    ])
  })
})

// Skipped where the public data is not beside the project; PAYYMO_DATA says where else it is.
describe.skipIf(!present)('files of the public data, each imported twice', () => {
  it.each(cases)('$id: $title', ({ folder, steps, currency, expect: wanted }) => {
    const accounts = new Map<string, StoredRow[]>()
    const take = (file: string, name: string): void => {
      const statement = readStatement(readFileSync(join(folder, file)), { currency })
      for (const { entries } of statement.accounts) {
        const stored = accounts.get(name) ?? []
        const rows = rowsOfStatement(entries)
        const notice = statement.format === 'camt.054' || statement.format === 'camt.052'
        const { decisions } = identify(stored, { rows, source: 'file', notice, completeDays: null })
        const fresh = decisions.flatMap((decision, place): StoredRow[] => {
          if (decision.verdict !== 'new') return []
          const { identityKey, aliases } = decision
          return [{ ...rows[place]!, id: `${stored.length + place}`, source: 'file', identityKey, aliases }]
        })
        accounts.set(name, [...stored, ...fresh])
      }
    }
    const all = (): StoredRow[] => [...accounts.values()].flat()
    for (const [place, { file, account = 'only' }] of steps.entries()) {
      for (const _ of ['first', 'again']) {
        take(file, account)
        expect([wanted.after[place]].flat()).toContain(all().length)
      }
    }
    const sum = (sign: bigint): bigint =>
      all().reduce((total, { amountMinor }) => (amountMinor * sign > 0n ? total + amountMinor * sign : total), 0n)
    if (wanted.credits !== undefined) expect(sum(1n)).toBe(parseAmount(wanted.credits, currency))
    if (wanted.debits !== undefined) expect(sum(-1n)).toBe(parseAmount(wanted.debits, currency))
  })
})
