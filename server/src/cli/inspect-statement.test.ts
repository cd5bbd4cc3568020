import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const fixture = (name: string) => `server/src/statements/fixtures/${name}`
const payymo = (...args: string[]) => spawnSync('./payymo', args, { cwd: root, encoding: 'utf8' })

describe('payymo statement inspect', () => {
  it('0: prints sums, balances and lines as JSON', () => {
    const run = payymo('statement', 'inspect', fixture('camt053-foreign-amount-in-details.xml'), '--json', '--entries')
    expect([run.status, run.stderr]).toEqual([0, ''])
    expect(JSON.parse(run.stdout)).toMatchObject({
      format: 'camt.053',
      accounts: [
        {
          account: 'CH0999999000000110011',
          currency: 'CHF',
          entries: 2,
          credits_total: '8700.00',
          debits_total: '54.68',
          opening_balance: '1000.00',
          closing_balance: '9645.32',
          balance_check: 'ok',
          lines: [
            {
              id: 'F1',
              amount: '8700.00',
              currency: 'CHF',
              direction: 'credit',
              date: '2026-04-12',
              reference: 'Rechnung 9911',
              description: 'Rechnung 9911',
              counterparty: { name: 'Ostrava Keramik', iban: null },
            },
            { id: 'F2', direction: 'debit' },
          ],
        },
      ],
      rejected: [],
    })
  })

  it('1: a file that is no statement, in one sentence', () => {
    const run = payymo('statement', 'inspect', 'package.json')
    expect([run.status, run.stdout]).toEqual([1, ''])
    expect(run.stderr).toMatch(/^package\.json: The file was taken for CSV, but .*\n$/)
  })

  it('2: no file named', () => {
    expect(payymo('statement', 'inspect').status).toBe(2)
  })
})
