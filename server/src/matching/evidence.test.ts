import { expect, test } from 'vitest'
import { prepare } from './book.ts'
import { candidatesOf } from './candidates.ts'
import { contrasts } from './clues.ts'
import { weigh, weighAll } from './evidence.ts'
import { openLedger } from './ledger.ts'
import { readAgainst } from './links.ts'
import { defaultPolicy } from './policy.ts'
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

test('what strangers have in common is weighed once, without a difference', () => {
  const names = ['Anna Berg', 'Lars Vik', 'Eva Strand', 'Jan Moen', 'Peter Holm']
  const days = ['2023-01-10', '2023-01-11', '2024-09-01', '2024-10-20', '2024-09-02']
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
    reference: 'Invoice 1003',
    description: '',
    counterparty: { name: 'Anna Berg', iban: null },
  }
  const reading = readAgainst(book, line)
  const candidates = candidatesOf(book, reading, openLedger(book), defaultPolicy.feeToleranceMinor)
  const compared = contrasts(reading, candidates)
  expect(candidates).toHaveLength(5)
  expect(weighAll(reading, candidates, compared, defaultPolicy)).toEqual(
    candidates.map((candidate) => weigh(reading, candidate, compared.get(candidate), defaultPolicy)),
  )
})
