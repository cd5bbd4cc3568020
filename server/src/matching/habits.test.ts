import { describe, expect, it } from 'vitest'
import { book, credit, type InvoiceLine } from '../../test/bookkeeping.ts'
import { defaultPolicy, matchAll } from './index.ts'

/** What is decided of one payment: the decision, the invoices, why a person is asked. */
function decided(amount: string, text: string, payer: string, invoices: InvoiceLine[]): string {
  const verdict = matchAll({
    ...book({ payments: [credit(amount, text, payer)], invoices }),
    policy: { ...defaultPolicy, acrossCurrencies: true },
  })[0]
  const ids = verdict?.best?.allocations.map(({ invoiceId }) => invoiceId) ?? []
  const why = (verdict?.withheld ?? []).map(({ code }) => code)
  return [verdict?.decision ?? '', ...ids, ...why].join(' ')
}

const one: InvoiceLine[] = [
  ['23156', 'Ada Brook', '30.00 EUR', { item: 'Hosting - ada-brook.example (01/06/2026)' }],
  ['23160', 'Monowave GmbH', '45.00 EUR'],
  ['23171', 'Paul Redfern', '52.00 EUR'],
]

describe('who pays', () => {
  it.each([
    ['an app passes on what names the client', '30.00 EUR', 'Ada Brook sent you money', 'PAYPAL EUROPE', 'auto 23156'],
    ['an app passes on what names the invoice', '30.00 EUR', 'invoice 23156', 'Revolut Bank', 'auto 23156'],
    ['an acquirer pays out sums', '30.00 EUR', 'invoice 23156', 'Adyen N.V.', 'review 23156'],
    ['a company of one word with its legal form', '45.00 EUR', 'for Monowave GmbH', 'Vennhoff Studio', 'auto 23160'],
    ['a surname behind it', '45.00 EUR', 'for Monowave GmbH Haller', 'Vennhoff', 'review 23160 veto_half_a_name'],
    ['the word alone', '45.00 EUR', 'for monowave', 'Vennhoff Studio', 'review 23160 veto_half_a_name'],
    ['a legal form written out', '45.00 EUR', '', 'Monowave Limited Liability Company', 'auto 23160'],
    ['a domain with www', '30.00 EUR', 'www.ada-brook.example', 'Trevor Oakes', 'auto 23156'],
  ])('%s', (_story, amount, text, payer, expected) => {
    expect(decided(amount, text, payer, one)).toBe(expected)
  })

  it.each([
    ['passport', 'YULIIA HAIVORONSKA'],
    ['as abroad', 'Yuliya Gayvoronska'],
    ['as among neighbours', 'Julija Gajvoronska'],
  ])('a Cyrillic name: %s', (_way, payer) => {
    expect(decided('19.00 EUR', '', payer, [...one, ['23180', 'Юлія Гайворонська', '19.00 EUR']])).toBe('auto 23180')
  })
})

describe('what is named', () => {
  it.each([
    ['a list with a blank before its comma', '75.00 EUR', 'Invoice 23156 , 23160', 'Ohlen Media', 'auto 23156 23160'],
    ['a reference behind the number of something else', '30.00 EUR', 'TXN 9130 Ref 23156', 'Ada Brook', 'auto 23156'],
    ['a French word for the number', '30.00 EUR', 'fact n° 23156', 'Trevor Oakes', 'auto 23156'],
    ['a Swedish range', '75.00 EUR', 'fakturanr 23156, 23160 till 23160', 'Ohlen', 'auto 23156 23160'],
    ['the sum behind the number', '30.00 EUR', 'invoice 23156 30.00 EUR', 'Trevor Oakes', 'auto 23156'],
    [
      'a list that comes short',
      '70.00 EUR',
      'Invoice 23156, 23160 less credit',
      'Ohlen Media',
      'review 23156 23160 veto_amount_differs veto_list_short',
    ],
  ])('%s', (_story, amount, text, payer, expected) => {
    expect(decided(amount, text, payer, one)).toMatch(new RegExp(`^${expected}`))
  })

  it('reads a number with a word behind it, and not an account', () => {
    const invoices: InvoiceLine[] = [
      ['CL046581', 'Ada Brook', '30.00 EUR'],
      ['CL046585', 'Ada Brook', '45.00 EUR'],
    ]
    expect(decided('75.00 EUR', 'CL046581, CL046585 avdrag', 'Trevor Oakes', invoices)).toBe('auto CL046581 CL046585')
  })

  it('reads what was instructed in another currency behind a number', () => {
    expect(decided('32.44 USD', 'INV 23156 EUR 30.00', 'Ada Brook', one)).toBe('auto 23156')
  })
})

describe('an account that two clients share', () => {
  const invoices: InvoiceLine[] = [
    ['1', 'Anna Meyer', '30.00 EUR'],
    ['2', 'Jan Meyer', '30.00 EUR'],
    ['3', 'Anna Meyer', '11.00 EUR', { status: 'paid', balance: '0.00 EUR' }],
    ['4', 'Jan Meyer', '12.00 EUR', { status: 'paid', balance: '0.00 EUR' }],
  ]
  const iban = 'DE89370400440532013000'
  const history = ['3', '4'].map((id) => ({
    transaction: { ...credit('11.00 EUR', 'Hosting', 'Anna Meyer', { iban, date: '2026-05-01' }) },
    invoiceIds: [id],
  }))
  const decidedFor = (text: string): string => {
    const books = book({ payments: [credit('30.00 EUR', text, 'Anna Meyer', { iban })], invoices })
    const past = book({ payments: history.map(({ transaction }) => transaction), invoices: [] }).transactions
    const verdict = matchAll({
      ...books,
      history: past.map((transaction, at) => ({
        transaction: { ...transaction, id: `past ${at}` },
        invoiceIds: history[at]?.invoiceIds ?? [],
        accepted: true,
      })),
      policy: defaultPolicy,
    })[0]
    return [verdict?.decision, ...(verdict?.best?.allocations ?? []).map(({ invoiceId }) => invoiceId)].join(' ')
  }

  it('pays for the one who is named and is not the payer', () => {
    expect(decidedFor('for Jan Meyer')).toBe('auto 2')
  })

  it.each(['Hosting', 'Anna Meyer'])('asks where the text says no more than the account does: %s', (text) => {
    expect(decidedFor(text)).toMatch(/^review/)
  })
})
