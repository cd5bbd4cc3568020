import { describe, expect, it } from 'vitest'
import { book, credit, type InvoiceLine, type PaymentLine } from '../../test/bookkeeping.ts'
import { noColumns } from './columns.ts'
import { unclearness } from './doubts.ts'
import { defaultPolicy, matchAll } from './index.ts'

/** What is decided of the last payment, and why not. The others show how the bank writes. */
function decided(payments: PaymentLine[], invoices: InvoiceLine[]): string {
  const verdict = matchAll({ ...book({ payments, invoices }), policy: defaultPolicy }).at(-1)
  return [verdict?.decision ?? '', ...(verdict?.withheld ?? []).map((reason) => reason.code)].join(' ')
}

const twins: InvoiceLine[] = [
  ['INV-2026-0101', 'Thornfield Estates', '30.00 EUR', { date: '2026-06-01', item: 'Hosting (01/06/2026)' }],
  ['INV-2026-0177', 'Thornfield Estates', '30.00 EUR', { date: '2026-07-01', item: 'Hosting (01/07/2026)' }],
]
const paid = (description: string, more: { reference?: string } = {}): PaymentLine =>
  credit('30.00 EUR', description, 'Thornfield Estates', more)

/** Lines of strangers that a bank cut at thirty columns. */
const cut = ['Ada Brook', 'Marlow', 'Redfern Audio', 'Southbank', 'Kalda', 'Baltic'].map((name) =>
  credit('7.77 EUR', `${name} payment for the server of our house`.slice(0, 30), name),
)

describe('two equal invoices of one client', () => {
  it.each([
    ['nothing says which: the oldest', 'Hosting', 'auto'],
    ['the month says which', 'Hosting July 2026', 'auto'],
    ['the month says which, without blanks', 'PAYMENTHOSTINGJULY2026', 'review veto_equal_invoices'],
    ['digits that nothing explains may say which', 'Hosting 07 26', 'review veto_equal_invoices'],
    ['a number that was not understood may say which', 'Hosting no 2x177', 'review veto_equal_invoices'],
    ['letters that were lost may say which', 'Hosting ??jen na??e', 'review veto_equal_invoices'],
    ['the number says which', 'Hosting INV-2026-0177', 'auto'],
    ['the latest is not the oldest', 'aktuelle Rechnung', 'review veto_equal_invoices'],
    ['this month is not the oldest either', 'hosting this month', 'review veto_equal_invoices'],
    ['a quarter', 'Hosting Q3 2026', 'auto'],
    ['a day that is neither’s', 'hosting 12.05.2026', 'review veto_equal_invoices'],
    ['three letters that may be a month', 'hosting jul', 'review veto_equal_invoices'],
    ['three letters that are the month of the oldest', 'hosting jun', 'auto'],
    ['a month of another language says which', 'Hosting lipca', 'auto'],
  ])('%s', (_story, description, expected) => {
    expect(decided([paid(description)], twins)).toBe(expected)
  })

  it.each([
    ['nothing', 'Hosting', 'INV-2026-0101'],
    ['the day of the second', 'Rechnung vom 01.07.2026', 'INV-2026-0177'],
    ['the same, month first', 'invoice dated 7/1/2026', 'INV-2026-0177'],
    ['the quarter of the second', '3. Quartal', 'INV-2026-0177'],
    ['the same in a code', 'Q3/26', 'INV-2026-0177'],
    ['its period', '01.07.-31.07.2026', 'INV-2026-0177'],
    ['its period with both years', 'hosting 07/01/2026 - 07/31/2026', 'INV-2026-0177'],
    ['its month with two digits of the year', 'hosting 07/26', 'INV-2026-0177'],
    ['its month in one with the word for the invoice', 'Julirechnung', 'INV-2026-0177'],
    ["the bank's day of the payment", 'Betalt: 13.08.26 hosting', 'INV-2026-0101'],
  ])('%s says which', (_what, description, number) => {
    const verdict = matchAll({ ...book({ payments: [paid(description)], invoices: twins }), policy: defaultPolicy })[0]
    expect(verdict?.best?.allocations.map(({ invoiceId }) => invoiceId)).toEqual([number])
  })

  it('takes the year where the invoices are of two', () => {
    const years: InvoiceLine[] = [
      ['INV-1', 'Thornfield Estates', '30.00 EUR', { date: '2025-08-01', item: 'Domain (01/08/2025)' }],
      ['INV-2', 'Thornfield Estates', '30.00 EUR', { date: '2026-07-30', item: 'Domain (01/08/2026)' }],
    ]
    expect(decided([paid('Domain 2026')], years)).toBe('auto')
  })

  it('pays the months that are named, and asks where they are not what came', () => {
    const months: InvoiceLine[] = [
      ...twins,
      ['INV-2026-0199', 'Thornfield Estates', '30.00 EUR', { date: '2026-08-01', item: 'Hosting (01/08/2026)' }],
    ]
    const both = credit('60.00 EUR', 'July and August', 'Thornfield Estates')
    const verdict = matchAll({ ...book({ payments: [both], invoices: months }), policy: defaultPolicy })[0]
    expect(verdict?.best?.allocations.map(({ invoiceId }) => invoiceId)).toEqual(['INV-2026-0177', 'INV-2026-0199'])
    expect(verdict?.decision).toBe('auto')
    const one = credit('60.00 EUR', 'for August', 'Thornfield Estates')
    expect(decided([one], months)).toContain('veto_equal_invoices')
  })

  it("leaves the bank's own code out of account", () => {
    expect(decided([paid('Hosting', { reference: 'ZV89-756039-562044' })], twins)).toBe('auto')
  })

  it('asks where the text ends in what numbers begin with', () => {
    const own = twins.map(([number, ...rest]): InvoiceLine => [number.replace('INV', 'WHX'), ...rest])
    expect(decided([paid('Hosting no WHX')], own)).toBe('review veto_equal_invoices')
  })

  it("leaves a code out of account that the bank's own words announce in every line", () => {
    const others = Array.from({ length: 12 }, (_, at) =>
      credit('7.77 EUR', `thanks Ledgerno ${70_000 + at * 991}`, 'Kalda'),
    )
    expect(decided([...others, paid('Hosting Ledgerno 84123')], twins)).toBe('auto')
    expect(decided([paid('Hosting Ledgerno 84123')], twins)).toBe('review veto_equal_invoices')
  })

  it('asks where the bank cut the text that might have said which', () => {
    const text = 'Thornfield Estates payment for the hosting'
    expect(decided([...cut, paid(text.slice(0, 30))], twins)).toBe('review veto_equal_invoices')
    expect(decided([...cut, paid('Thornfield Estates pay')], twins)).toBe('auto')
    expect(decided([...cut, paid(text.slice(0, 30))], twins.slice(0, 1))).toBe('auto')
  })
})

describe('a number of a payer who is not known', () => {
  const invoices: InvoiceLine[] = [['23156', 'Ada Brook', '30.00 EUR']]
  it.each([
    ['the number alone', '23156', 'auto'],
    ['a word announces it', '10 99 invoice 23156', 'auto'],
    ['beside digits of something else', '99 887 23156 house', 'review veto_bare_number'],
    ['a camera read letters', '23l56', 'review'],
    ['behind a word of another trade', 'parcel 23156', 'review veto_amount_only'],
  ])('%s', (_story, description, expected) => {
    expect(decided([credit('30.00 EUR', description, 'Somebody Else')], invoices)).toMatch(new RegExp(`^${expected}`))
  })

  it.each([
    ['behind a word of another trade', 'parcel 1045641', 'review veto_bare_number'],
    ['behind the word for an invoice', 'factuur 1045641', 'auto'],
    ['except that number', 'except 1045641', 'review veto_amount_only'],
  ])('however long, %s', (_story, description, expected) => {
    const long: InvoiceLine[] = [['1045641', 'Ada Brook', '30.00 EUR']]
    expect(decided([credit('30.00 EUR', description, 'Somebody Else')], long)).toBe(expected)
  })

  it('applies a number that a camera misread where the payer agrees', () => {
    expect(decided([credit('30.00 EUR', 'invoice 23l56', 'Ada Brook')], invoices)).toBe('auto')
  })
})

describe('the same money twice in two layouts', () => {
  it('holds the second where the first names the invoice and waits', () => {
    const invoices: InvoiceLine[] = [['23156', 'Laura Dunshaw', '30.00 EUR']]
    const first = credit('30.00 EUR', '99 887 23156 house', '', { date: '2026-08-10' })
    const second = credit('30.00 EUR', 'LAURA DUNSHAW , invoice 23156', '', { date: '2026-08-12' })
    expect(decided([second], invoices)).toBe('auto')
    expect(decided([first, second], invoices)).toBe('review contested')
  })
})

describe('unclearness', () => {
  it.each([
    ['RECEIVEDFROMADABROOKINVOICE23156', 'glued'],
    ['serveraugust2024', 'glued'],
    ['000000000000000000202412765', null],
    ['Domainverlaengerung', null],
    ['www.ada-brook.example', null],
    ['Za?? ??jen', 'damaged'],
    ['PÅ™Ã­chozÃ­ Ãºhrada', 'damaged'],
    ['Why? thanks', null],
  ])('%s', (description, expected) => {
    const [line] = book({ payments: [credit('1.00 EUR', description, 'Ada Brook')], invoices: [] }).transactions
    expect(line && unclearness(line, noColumns)).toBe(expected)
  })
})
