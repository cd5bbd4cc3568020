import fc from 'fast-check'
import { expect, it } from 'vitest'
import { defaultPolicy, type MatchInvoice, type MatchTransaction, matchAll, type TaughtPayer } from './index.ts'

const IBAN = 'DE89370400440532013000'

const invoice = (id: string, clientId: string, name: string, balanceMinor: bigint): MatchInvoice => ({
  id,
  number: `INV-${id}`,
  totalMinor: balanceMinor,
  balanceMinor,
  currency: 'EUR',
  date: '2026-07-01',
  dueDate: '2026-07-15',
  status: 'unpaid',
  client: { id: clientId, name, company: '', email: '' },
  items: [{ description: 'Hosting' }],
  payments: [],
  collects: [],
})
const invoices = [
  invoice('501', 'c1', 'Ada Quill', 4_900n),
  invoice('502', 'c1', 'Ada Quill', 5_300n),
  invoice('503', 'c2', 'Bert Quiet', 4_900n),
]
const line = (more: Partial<MatchTransaction> = {}): MatchTransaction => ({
  id: 't1',
  amountMinor: 4_900n,
  currency: 'EUR',
  direction: 'credit',
  date: '2026-07-20',
  reference: '',
  description: 'Thank you',
  counterparty: { name: 'Holding West', iban: IBAN },
  ...more,
})
const says = (more: Partial<TaughtPayer> = {}): TaughtPayer => ({
  payer: { name: '', iban: IBAN },
  clientId: 'c1',
  pays: true,
  date: '2026-07-01',
  ...more,
})
const ask = (taught: TaughtPayer[], transaction = line()) => {
  const [verdict] = matchAll({ transactions: [transaction], invoices, history: [], taught, policy: defaultPolicy })
  return { ...verdict!, codes: verdict!.best?.reasons.map(({ code }) => code) ?? [] }
}
const paid = (taught: TaughtPayer[], transaction?: MatchTransaction) =>
  ask(taught, transaction).best?.allocations.map(({ invoiceId }) => invoiceId) ?? []

it('an account that a person named speaks for its client among equal invoices', () => {
  expect(paid([says()])).toEqual(['501'])
  expect(paid([says({ clientId: 'c2' })])).toEqual(['503'])
  expect(ask([says()]).codes).toContain('payer_known')
  expect(ask([]).codes).not.toContain('payer_known')
})

it('a name speaks where the account does not contradict; legal form and order make no difference', () => {
  const named = says({ payer: { name: 'WEST HOLDING GMBH', iban: null } })
  expect(ask([named]).codes).toContain('payer_known')
  // A name on an account is that account's: another account of that name is nobody's.
  const onAccount = says({ payer: { name: 'Holding West', iban: 'DE02120300000000202051' } })
  expect(ask([onAccount]).codes).not.toContain('payer_known')
  expect(ask([onAccount], line({ counterparty: { name: 'Holding West', iban: null } })).codes).toContain('payer_known')
})

it('never outweighs what was said of the same day or before, and fades', () => {
  const never = says({ pays: false, date: '2026-07-02' })
  expect(ask([says(), never]).codes).not.toContain('payer_known')
  const longAgo = says({ pays: false, date: '2016-07-02' })
  expect(ask([longAgo, says()]).codes).toContain('payer_known')
})

it('is a payer’s word, no payment: nothing is taken for paid twice', () => {
  expect(ask([says()]).withheld.map(({ code }) => code)).not.toContain('already_booked')
  expect(ask([says()]).booked).toBeNull()
})

it('knows no client without an invoice, and its order makes no difference', () => {
  expect(ask([says({ clientId: 'c9' })])).toEqual(ask([]))
  const one = fc.record({
    payer: fc.record({
      name: fc.constantFrom('', 'Holding West', 'Quill', 'As'),
      iban: fc.constantFrom(null, IBAN, 'DE02120300000000202051'),
    }),
    clientId: fc.constantFrom('c1', 'c2', 'c9'),
    pays: fc.boolean(),
    date: fc.constantFrom('2020-01-01', '2026-07-01', '2026-07-02', ''),
  })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 6 }), (taught) => {
      expect(ask(taught.toReversed())).toEqual(ask(taught))
    }),
  )
})
