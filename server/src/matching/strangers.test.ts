import { expect, test } from 'vitest'
import { prepare } from './book.ts'
import { merelyOwing } from './candidate.ts'
import { candidatesOf } from './candidates.ts'
import { weigh } from './evidence.ts'
import { openLedger } from './ledger.ts'
import { readAgainst } from './links.ts'
import { defaultPolicy } from './policy.ts'
import { oneByOne, weighStrangers } from './strangers.ts'
import type { MatchInvoice, MatchTransaction } from './types.ts'

const invoice = (at: number, date: string, name: string): MatchInvoice => ({
  id: String(1000 + at),
  number: '',
  totalMinor: 1990n,
  balanceMinor: 1990n,
  currency: 'EUR',
  date,
  dueDate: date,
  status: 'unpaid',
  client: { id: String(at), name, company: '', email: '' },
  items: [{ description: 'Hosting' }],
  payments: [],
  collects: [],
})

const names = ['Anna Berg', 'Lars Vik', 'Eva Strand', 'Jan Moen', 'Peter Holm']
const days = ['2023-01-10', '2023-01-11', '2024-09-01', '2024-10-20', '2024-09-02']

/** What a line may pay in a book in which five clients owe 19.90, their invoices numbered from 1000 on. */
function lookedFor(reference: string, payer: string) {
  const book = prepare(
    names.map((name, at) => invoice(at, days[at] ?? '', name)),
    [],
  )
  const line: MatchTransaction = {
    id: 't1',
    amountMinor: 1990n,
    currency: 'EUR',
    direction: 'credit',
    date: '2024-09-10',
    reference,
    description: '',
    counterparty: { name: payer, iban: null },
  }
  const reading = readAgainst(book, line)
  return { reading, ...candidatesOf(book, reading, openLedger(book), defaultPolicy.feeToleranceMinor) }
}

test('what strangers have in common is weighed once, without a difference', () => {
  const { reading, ...candidates } = lookedFor('Invoice 1003', 'Anna Berg')
  expect(candidates.tied).toHaveLength(2)
  expect(candidates.strangers).toHaveLength(3)
  const weighed = oneByOne(weighStrangers(reading, candidates, defaultPolicy))
  expect(weighed).toHaveLength(3)
  for (const { candidate, ...like } of weighed) {
    expect(candidate).toEqual(merelyOwing(candidate.invoices[0]!, 5))
    expect(weigh(reading, candidate, undefined, defaultPolicy)).toEqual({ candidate, ...like })
  }
})

test('nobody else is weighed where number, payer and amount agree, and everybody where one of them does not', () => {
  const strangers = (...line: Parameters<typeof lookedFor>): number => lookedFor(...line).strangers.length
  expect(strangers('Invoice 1003', 'Jan Moen')).toBe(0)
  expect(strangers('Invoice 1003', 'Somebody Else')).toBe(4)
  expect(strangers('1003', 'J. Moen')).toBe(4)
  expect(strangers('Invoice 1003, 1004', 'Jan Moen')).toBe(3)
  expect(strangers('Invoice', 'Jan Moen')).toBe(4)
})
