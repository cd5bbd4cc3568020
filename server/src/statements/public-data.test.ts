import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { formatAmount } from '../base/money.ts'
import { readStatement } from './read-statement.ts'
import type { StatementEntry } from './types.ts'

const folder = process.env.PAYYMO_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const statements = join(folder, 'statements')
const present = existsSync(join(statements, 'files.json'))
if (!present) console.warn(`Skipped: the statement files of the public data are not in ${folder} (set PAYYMO_DATA).`)

interface Truth {
  file: string
  currency: string
  entries: number
  opening: string
  closing: string
  credits: string
  debits: string
}

const truths = present ? (JSON.parse(readFileSync(join(statements, 'files.json'), 'utf8')) as Truth[]) : []
const read = (file: string) => readStatement(readFileSync(join(statements, file)))

describe.skipIf(!present)('one book in eight files', () => {
  it.each(truths.map((truth) => [truth.file, truth] as const))('%s', (file, truth) => {
    const { accounts, rejected } = read(file)
    const [account] = accounts
    const total = (direction: string) =>
      account!.entries.filter((one) => one.direction === direction).reduce((sum, one) => sum + one.amountMinor, 0n)
    const text = (amountMinor: bigint | null) =>
      amountMinor === null ? null : formatAmount(amountMinor, truth.currency)
    expect(rejected).toEqual([])
    expect([accounts.length, account!.entries.length]).toEqual([1, truth.entries])
    expect([text(total('credit')), text(total('debit'))]).toEqual([truth.credits, truth.debits])
    if (account!.openingMinor !== null) expect(text(account!.openingMinor)).toBe(truth.opening)
    if (account!.closingMinor !== null) expect(text(account!.closingMinor)).toBe(truth.closing)
    expect(account!.balanceCheck).toBe(/camt|mt940/.test(file) ? 'ok' : 'unknown')
  })

  const key = (entry: StatementEntry) => `${entry.bookedOn} ${entry.direction} ${entry.amountMinor}`
  it.each([
    ['de-camt053-v02.xml', 'de-mt940.sta'],
    ['de-camt053-v02.xml', 'de-sparkasse.csv'],
    ['nl-camt053-v08.xml', 'nl-mt940.940'],
    ['gb-ofx211.ofx', 'gb-barclays.csv'],
  ])('%s and %s hold the same money on the same days', (one, other) => {
    const keys = (file: string) => read(file).accounts[0]!.entries.map(key).toSorted()
    expect(keys(one)).toEqual(keys(other))
  })

  it.each([
    ['de-camt053-v02.xml', 'de-mt940.sta'],
    ['nl-camt053-v08.xml', 'nl-mt940.940'],
  ])('%s and %s name the same payers, wherever both name one', (one, other) => {
    const ibans = (file: string) =>
      new Map(read(file).accounts[0]!.entries.map((entry) => [entry.bankIds[0]!.value, entry.counterparty.iban ?? '']))
    const here = ibans(one)
    const pairs = [...ibans(other)].filter(([id, iban]) => iban !== '' && (here.get(id) ?? '') !== '')
    expect(pairs.length).toBeGreaterThan(50)
    for (const [id, iban] of pairs) expect(here.get(id)).toBe(iban)
  })
})
