import { describe, expect, it } from 'vitest'
import { defaultPolicy, matchAll } from './index.ts'
import { book, credit, debit, type InvoiceLine, type PaymentLine, summary } from '../../test/bookkeeping.ts'

/** One row: what the bank says, what is open, and what a bookkeeper expects. Invoices: number, client, amount, and what differs
 *  from an open invoice of the first of August for web hosting. */
interface Scenario {
  story: string
  payments: PaymentLine[]
  invoices: InvoiceLine[]
  history?: { payment: PaymentLine; paid: string[]; accepted?: boolean }[]
  /** One verdict for each payment: decision and invoices with amounts. */
  expect: string[]
  reasons?: string[]
  withheld?: string[]
  ruledOut?: string[]
  /** Invoices that must not be proposed at all. */
  never?: string[]
}

const scenarios: Scenario[] = [
  {
    story: 'the first number is named, and what is left over is just what other invoices come to',
    payments: [credit('470.00 EUR', 'FACTUUR INV-2201 ETC', 'Thornfield Estates')],
    invoices: [
      ['INV-2201', 'Thornfield Estates', '100.00 EUR', { item: 'Domain thornfield.example' }],
      ['INV-2207', 'Thornfield Estates', '131.00 EUR', { item: 'Managed backup' }],
      ['INV-2213', 'Thornfield Estates', '239.00 EUR', { item: 'VPS 4' }],
      ['INV-2219', 'Thornfield Estates', '57.00 EUR', { item: 'Consulting' }],
    ],
    expect: ['auto INV-2201 100.00 + INV-2207 131.00 + INV-2213 239.00'],
  },
  {
    story: 'an amount that two owed is not said to be too common when one of them has paid',
    payments: [
      credit('100.00 EUR', 'FACTUUR INV-2201', 'Thornfield Estates'),
      credit('100.00 EUR', 'OFFICE RENT', 'Marigold Bakery'),
    ],
    invoices: [
      ['INV-2201', 'Thornfield Estates', '100.00 EUR'],
      ['INV-2202', 'Kalda Puit', '100.00 EUR'],
    ],
    expect: ['auto INV-2201 100.00', 'none'],
  },
  {
    story: 'part of a name beside the number of its client is no longer half',
    payments: [credit('88.00 EUR', 'VIR INST PRARAVIX CLIENT 771045', '')],
    invoices: [['2026-2201', 'Praravix SAS', '88.00 EUR', { clientId: '771045' }]],
    expect: ['auto 2026-2201 88.00'],
  },
  {
    story: 'a tax invoice is an invoice',
    payments: [credit('88.00 EUR', 'TAX INVOICE', 'Thornfield Estates')],
    invoices: [['INV-2201', 'Thornfield Estates', '88.00 EUR']],
    expect: ['auto INV-2201 88.00'],
  },
  {
    story: 'the rent of a server is not the rent of a house',
    payments: [
      credit('88.00 EUR', 'SERVER RENT', 'Thornfield Estates'),
      credit('61.00 EUR', 'OFFICE RENT', 'Kalda Puit'),
    ],
    invoices: [
      ['INV-2201', 'Thornfield Estates', '88.00 EUR'],
      ['INV-2202', 'Kalda Puit', '61.00 EUR'],
    ],
    expect: ['auto INV-2201 88.00', 'review INV-2202 61.00'],
  },
  {
    story: 'INV-1001 is not INV-100',
    payments: [credit('49.00 GBP', 'INV-1001 MARLOW HOSTING CO', 'MARLOW HOSTING CO')],
    invoices: [
      ['INV-100', 'Ada Brook Ltd', '49.00 GBP'],
      ['INV-1001', 'Marlow Hosting Co', '49.00 GBP'],
    ],
    expect: ['auto INV-1001 49.00'],
    reasons: ['amount_exact_match', 'reference_contains_invoice_id', 'description_contains_client_name'],
  },
  {
    story: 'the payer quotes only the customer number',
    payments: [credit('312.50 EUR', 'CLIENT REF 771045 THANK YOU', 'BALTIC REGISTRAR HOLDING INC')],
    invoices: [
      ['2026-2201', 'Baltic Registrar Holding Inc.', '312.50 EUR', { clientId: '771045' }],
      ['2026-2202', 'Kalda Puit OÜ', '312.50 EUR', { clientId: '771054' }],
    ],
    expect: ['auto 2026-2201 312.50'],
    reasons: ['payer_name_matches_client', 'text_contains_customer_number'],
  },
  {
    story: 'two sets of invoices give the amount: ask',
    payments: [credit('300.00 EUR', 'PAYMENT ON ACCOUNT', 'THORNFIELD ESTATES')],
    invoices: [
      ['30711', 'Thornfield Estates', '100.00 EUR', { item: 'Domain thornfield.example' }],
      ['30712', 'Thornfield Estates', '150.00 EUR', { item: 'Managed backup' }],
      ['30713', 'Thornfield Estates', '200.00 EUR', { item: 'VPS 4' }],
      ['30714', 'Thornfield Estates', '150.00 EUR', { item: 'Consulting' }],
    ],
    expect: ['review 30711 100.00 + 30713 200.00'],
    withheld: ['ambiguous'],
  },
  {
    story: 'the only set with this sum, of one client',
    payments: [credit('170.00 EUR', 'RECHNUNGEN', 'Thornfield Estates')],
    invoices: [
      ['30711', 'Thornfield Estates', '100.00 EUR', { item: 'Domain thornfield.example' }],
      ['30712', 'Thornfield Estates', '150.00 EUR', { item: 'Managed backup' }],
      ['30713', 'Thornfield Estates', '70.00 EUR', { item: 'VPS 4' }],
      ['30715', 'Somebody Else', '170.00 EUR'],
    ],
    expect: ['auto 30711 100.00 + 30713 70.00'],
  },
  {
    story: 'one deposit for invoices of two clients, both named',
    payments: [credit('160.00 GBP', 'COLLECTED FOR INV-8801 + INV-8802', 'VILLAGE HALL TREASURER')],
    invoices: [
      ['INV-8801', 'Southbank Cycles', '95.00 GBP'],
      ['INV-8802', 'Redfern Audio', '65.00 GBP'],
    ],
    expect: ['auto INV-8801 95.00 + INV-8802 65.00'],
  },
  {
    story: 'a range of numbers',
    payments: [credit('97.43 EUR', 'Rechnungen INV-2024-800-INV-2024-802', 'PETRA NEUMANN')],
    invoices: [
      ['INV-2024-800', 'Petra Neumann', '7.13 EUR', { item: 'Webspace S' }],
      ['INV-2024-801', 'Petra Neumann', '78.41 EUR', { item: 'Webspace M' }],
      ['INV-2024-802', 'Petra Neumann', '11.89 EUR', { item: 'Domain' }],
      ['INV-2024-803', 'Petra Neumann', '99.00 EUR', { item: 'Support' }],
    ],
    expect: ['auto INV-2024-800 7.13 + INV-2024-801 78.41 + INV-2024-802 11.89'],
  },
  {
    story: 'the bank kept 28.50 of a wire',
    payments: [credit('5171.50 USD', 'INVOICE 30417 LESS BANK CHARGES', 'HARBOUR HARDWARE INC')],
    invoices: [
      ['30417', 'Harbour Hardware Inc', '5200.00 USD'],
      ['30418', 'Meridian Foods', '5171.50 USD'],
    ],
    expect: ['auto 30417 5171.50'],
    never: ['30418'],
  },
  {
    story: 'a surplus stays unallocated',
    payments: [credit('60.00 EUR', 'INV-7001', 'TIDEWATER SAILING CLUB')],
    invoices: [['INV-7001', 'Tidewater Sailing Club', '49.00 EUR']],
    expect: ['auto INV-7001 49.00'],
    reasons: ['amount_over'],
  },
  {
    story: 'less than is open, and nothing named: ask',
    payments: [credit('30.00 EUR', 'PAYMENT', 'TIDEWATER SAILING CLUB')],
    invoices: [['INV-7001', 'Tidewater Sailing Club', '49.00 EUR']],
    expect: ['review INV-7001 30.00'],
    withheld: ['veto_amount_differs'],
  },
  {
    story: 'zeros before a number are padding, zeros behind it are digits',
    payments: [credit('1210.00 CZK', 'PLATBA', 'VINOHRAD SOFTWARE SRO', { reference: '0260300040' })],
    invoices: [
      ['260300040', 'Vinohrad Software s.r.o.', '1210.00 CZK'],
      ['26030004', 'Kavarna Na Rohu', '1210.00 CZK'],
    ],
    expect: ['auto 260300040 1210.00'],
    never: ['26030004'],
  },
  {
    story: 'three equal months of one service, nothing named: the oldest first',
    payments: [
      credit('29.00 GBP', 'WEB HOSTING', 'ADA BROOK LTD', { date: '2026-09-16' }),
      credit('29.00 GBP', 'WEB HOSTING', 'ADA BROOK LTD', { date: '2026-09-17' }),
    ],
    invoices: [
      ['51003', 'Ada Brook Ltd', '29.00 GBP', { date: '2026-09-01', item: 'Web hosting (01/09/2026 - 30/09/2026)' }],
      ['51001', 'Ada Brook Ltd', '29.00 GBP', { date: '2026-07-01', item: 'Web hosting (01/07/2026 - 31/07/2026)' }],
      ['51002', 'Ada Brook Ltd', '29.00 GBP', { date: '2026-08-01', item: 'Web hosting (01/08/2026 - 31/08/2026)' }],
    ],
    expect: ['auto 51001 29.00', 'auto 51002 29.00'],
  },
  {
    story: 'three equal months, the month is named',
    payments: [credit('29.00 GBP', 'HOSTING SEPTEMBER 2026', 'ADA BROOK LTD', { date: '2026-09-16' })],
    invoices: [
      ['51001', 'Ada Brook Ltd', '29.00 GBP', { date: '2026-07-01', item: 'Web hosting (01/07/2026 - 31/07/2026)' }],
      ['51003', 'Ada Brook Ltd', '29.00 GBP', { date: '2026-09-01', item: 'Web hosting (01/09/2026 - 30/09/2026)' }],
    ],
    expect: ['auto 51003 29.00'],
  },
  {
    story: 'equal invoices of different services: ask',
    payments: [credit('29.00 GBP', 'INVOICE', 'ADA BROOK LTD')],
    invoices: [
      ['51001', 'Ada Brook Ltd', '29.00 GBP', { item: 'Web hosting ada.example' }],
      ['51002', 'Ada Brook Ltd', '29.00 GBP', { item: 'Backup space' }],
    ],
    expect: ['review 51001 29.00'],
    withheld: ['ambiguous'],
  },
  {
    story: '372 pesos are not 372 dollars',
    payments: [credit('372.00 MXN', 'PAGO FACTURA 2101', 'TALLER OBREGON')],
    invoices: [
      ['2101', 'Taller Obregon', '20.00 USD'],
      ['2150', 'Meridian Foods', '372.00 USD'],
    ],
    expect: ['review 2101 20.00'],
    withheld: ['veto_currency'],
    never: ['2150'],
  },
  {
    story: 'the number of a cancelled invoice, and its successor',
    payments: [credit('120.00 EUR', 'RECHNUNG 6601', 'FELDMANN OPTIK GMBH')],
    invoices: [
      ['6601', 'Feldmann Optik GmbH', '120.00 EUR', { status: 'cancelled', balance: '0.00' }],
      ['6622', 'Feldmann Optik GmbH', '120.00 EUR', { date: '2026-07-24' }],
    ],
    expect: ['auto 6622 120.00'],
    ruledOut: ['6601 cancelled'],
    never: ['6601'],
  },
  {
    story: 'the account of a payment provider says nothing about the client',
    payments: [credit('45.00 EUR', 'ORDER 77812 P JANSSEN', 'STICHTING BETAALDERDEN', { iban: 'NL59XBNK0000880088' })],
    invoices: [
      ['2026-4501', 'Casa Verano SL', '45.00 EUR'],
      ['2026-4400', 'Casa Verano SL', '38.00 EUR', { status: 'paid', balance: '0.00' }],
    ],
    history: [
      {
        payment: credit('38.00 EUR', 'ORDER 70011 CASA VERANO', 'STICHTING BETAALDERDEN', {
          iban: 'NL59XBNK0000880088',
          date: '2026-07-02',
        }),
        paid: ['2026-4400'],
      },
    ],
    expect: ['none'],
  },
  {
    story: 'an account known from an accepted payment',
    payments: [credit('45.00 EUR', 'HOSTING', 'P. JANSSEN', { iban: 'NL91ABNA0417164300' })],
    invoices: [
      ['2026-4501', 'Casa Verano SL', '45.00 EUR'],
      ['2026-4400', 'Casa Verano SL', '38.00 EUR', { status: 'paid', balance: '0.00' }],
    ],
    history: [
      {
        payment: credit('38.00 EUR', 'hosting', 'P. JANSSEN', { iban: 'NL91ABNA0417164300', date: '2026-06-02' }),
        paid: ['2026-4400'],
      },
    ],
    expect: ['auto 2026-4501 45.00'],
    reasons: ['payer_known'],
  },
  {
    story: 'a payer once refused is not known',
    payments: [credit('45.00 EUR', 'HOSTING', 'P. JANSSEN', { iban: 'NL91ABNA0417164300' })],
    invoices: [['2026-4501', 'Casa Verano SL', '45.00 EUR']],
    history: [
      {
        payment: credit('45.00 EUR', 'hosting', 'P. JANSSEN', { iban: 'NL91ABNA0417164300', date: '2026-06-02' }),
        paid: ['2026-4501'],
        accepted: false,
      },
    ],
    expect: ['review 2026-4501 45.00'],
    withheld: ['veto_refused_before', 'veto_amount_only'],
  },
  {
    story: 'names with ampersand and apostrophe',
    payments: [
      credit('84.00 GBP', 'HOSTING INVOICE', 'H&K OUTFITTERS'),
      credit('36.00 GBP', 'HOSTING INVOICE', "O'NEIL MARINE"),
    ],
    invoices: [
      ['331', 'H&K Outfitters', '84.00 GBP'],
      ['332', 'Amp Records', '84.00 GBP'],
      ['333', "O'Neil Marine", '36.00 GBP'],
      ['334', 'Route 039 Diner', '36.00 GBP'],
    ],
    expect: ['auto 331 84.00', 'auto 333 36.00'],
    never: ['332', '334'],
  },
  {
    story: 'a payout of the card processor pays no invoice',
    payments: [credit('482.11 GBP', 'STRIPE PAYMENTS UK LTD STRIPE Q7W2', 'STRIPE PAYMENTS UK LTD')],
    invoices: [['INV-7340', 'Meridian Foods', '482.11 GBP']],
    expect: ['none'],
  },
  {
    story: 'the same invoice paid twice',
    payments: [
      credit('60.00 EUR', 'INV-7001 TIDEWATER SAILING', 'TIDEWATER SAILING CLUB', { date: '2026-08-14' }),
      credit('60.00 EUR', 'INV-7001 TIDEWATER SAILING', 'TIDEWATER SAILING CLUB', { date: '2026-08-15' }),
    ],
    invoices: [['INV-7001', 'Tidewater Sailing Club', '60.00 EUR']],
    expect: ['auto INV-7001 60.00', 'none'],
    withheld: ['double_payment'],
  },
  {
    story: 'two payers name one invoice: ask for both',
    payments: [
      credit('60.00 EUR', 'INV-7001', 'JOAN ONE', { iban: 'DE89370400440532013000' }),
      credit('60.00 EUR', 'INV-7001', 'JACK TWO', { iban: 'AT611904300234573201', date: '2026-08-16' }),
    ],
    invoices: [['INV-7001', 'Tidewater Sailing Club', '60.00 EUR']],
    expect: ['review INV-7001 60.00', 'review INV-7001 60.00'],
    withheld: ['contested'],
  },
  {
    story: 'the same amount and a reference that is not ours',
    payments: [credit('640.00 EUR', 'TRANSFER 731126', 'INVERSIONES DEL SUR SA', { reference: '731126' })],
    invoices: [['880415', 'Atelier Verne', '640.00 EUR']],
    expect: ['review 880415 640.00'],
    withheld: ['veto_amount_only'],
  },
  {
    story: "the number of one client's invoice, name and amount of another's",
    payments: [credit('742.00 SEK', 'INV-4120', 'NORDTEL SVERIGE AB')],
    invoices: [
      ['INV-4120', 'Postmark Printing AB', '2980.00 SEK'],
      ['INV-4102', 'Nordtel Sverige AB', '742.00 SEK'],
    ],
    // A mistyped number: two digits changed places.
    expect: ['auto INV-4102 742.00'],
    never: ['INV-4120'],
  },
  {
    story: 'number of one client, name of another, and the amount of both: ask',
    payments: [credit('742.00 SEK', 'INV-4120', 'NORDTEL SVERIGE AB')],
    invoices: [
      ['INV-4120', 'Postmark Printing AB', '742.00 SEK'],
      ['INV-4102', 'Nordtel Sverige AB', '742.00 SEK'],
    ],
    expect: ['review INV-4120 742.00'],
    withheld: ['ambiguous'],
  },
  {
    story: 'a mass-payment container takes the money, not its parts as well',
    payments: [credit('120.00 GBP', 'INVOICE 900', 'QUARRY LANE DENTAL CARE')],
    invoices: [
      ['881', 'Quarry Lane Dental Care', '70.00 GBP'],
      ['882', 'Quarry Lane Dental Care', '50.00 GBP', { item: 'Domain renewal' }],
      ['900', 'Quarry Lane Dental Care', '120.00 GBP', { collects: ['881', '882'] }],
    ],
    expect: ['auto 900 120.00'],
  },
  {
    story: 'the parts of an abandoned container are paid one by one',
    payments: [
      credit('70.00 GBP', 'INVOICE 881', 'QUARRY LANE DENTAL CARE'),
      credit('120.00 GBP', 'INVOICE 900', 'QUARRY LANE DENTAL CARE', { date: '2026-08-20' }),
    ],
    invoices: [
      ['881', 'Quarry Lane Dental Care', '70.00 GBP'],
      ['882', 'Quarry Lane Dental Care', '50.00 GBP', { item: 'Domain renewal' }],
      ['900', 'Quarry Lane Dental Care', '120.00 GBP', { collects: ['881', '882'] }],
    ],
    expect: ['auto 881 70.00', 'review 882 50.00'],
    withheld: ['veto_amount_differs'],
  },
  {
    story: "money to and from the tenant's own savings",
    payments: [
      debit('1200.00 GBP', 'TRANSFER TO SAVINGS 7711', ''),
      credit('1200.00 GBP', 'TRANSFER FROM SAVINGS 7711', ''),
    ],
    invoices: [['INV-2770', 'Harbour Hardware Inc', '1200.00 GBP']],
    expect: ['none', 'none'],
  },
  {
    story: 'money that a person booked before Payymo came is not given to the next invoice',
    payments: [credit('49.00 GBP', 'HOSTING', 'MARLOW HOSTING CO')],
    invoices: [
      ['INV-1001', 'Marlow Hosting Co', '49.00 GBP', { status: 'paid', balance: '0.00', paidOn: '2026-08-16' }],
      ['INV-1044', 'Marlow Hosting Co', '49.00 GBP', { date: '2026-08-12' }],
    ],
    expect: ['review INV-1044 49.00'],
    withheld: ['already_booked'],
  },
  {
    story: 'a number within the digits of an account or a telephone is none',
    payments: [
      credit('48.39 EUR', 'Creditnota IBAN DE95 0608 6095 2323 2550 99', 'IRIS DIJKMANS'),
      credit('48.39 EUR', 'TEL 0171 39200 2323', 'IRIS DIJKMANS', { date: '2026-08-16' }),
    ],
    invoices: [['2323', 'Bas Wijksma', '48.39 EUR']],
    expect: ['none', 'review 2323 48.39'],
    withheld: ['veto_amount_only'],
  },
  {
    story: 'a number that the bank broke at the end of its line',
    payments: [
      credit('21.38 EUR', 'Homepage Ackerbach-Braun No rdhafen Danke RG INV-2024-5 33', 'Ackerbach-Braun Medien e.V.'),
    ],
    invoices: [
      ['INV-2024-533', 'Ackerbach-Braun Medien e.V.', '21.38 EUR'],
      ['INV-2024-5', 'Somebody Else', '21.38 EUR'],
    ],
    expect: ['auto INV-2024-533 21.38'],
    never: ['INV-2024-5'],
  },
  {
    story: 'a reference with a check digit',
    payments: [credit('103.50 NOK', 'KID: 001749282', 'S. EIDGEN')],
    invoices: [['174928', 'Solveig Eidgen', '103.50 NOK']],
    expect: ['auto 174928 103.50'],
  },
  {
    story: 'a word of a name is no month beside a number',
    payments: [credit('30.00 PLN', 'Adam Lis 24', 'ADAM LIS')],
    invoices: [
      ['5001', 'Adam Lis', '30.00 PLN', { date: '2024-10-01', item: 'Hosting (01.10.2024 - 31.10.2024)' }],
      ['5002', 'Adam Lis', '30.00 PLN', { date: '2024-11-01', item: 'Hosting (01.11.2024 - 30.11.2024)' }],
    ],
    // October is older; LIS is not read as November. But the digits may say which, so a person is asked.
    expect: ['review 5001 30.00'],
    withheld: ['veto_equal_invoices'],
  },
  {
    story: 'the whole of a range, first and last named',
    payments: [credit('84.00 EUR', 'FAKTURAER 171435-171437', 'Marlow Hosting')],
    invoices: [
      ['171435', 'Marlow Hosting', '21.00 EUR', { item: 'Domain' }],
      ['171436', 'Marlow Hosting', '31.00 EUR', { item: 'Backup' }],
      ['171437', 'Marlow Hosting', '32.00 EUR', { item: 'Mail' }],
    ],
    expect: ['auto 171435 21.00 + 171436 31.00 + 171437 32.00'],
  },
  {
    story: 'the number of one of two namesakes',
    payments: [credit('19.00 EUR', 'Customer no 4711', 'JAN DE BOER')],
    invoices: [
      ['6001', 'Jan de Boer', '19.00 EUR', { clientId: '4711' }],
      ['6002', 'Jan de Boer', '19.00 EUR', { clientId: '4712' }],
    ],
    expect: ['auto 6001 19.00'],
  },
  {
    story: 'an account that pays for two clients which owe the same: ask',
    payments: [credit('19.00 EUR', 'hosting', 'JAN DE BOER', { iban: 'NL91ABNA0417164300' })],
    invoices: [
      ['6001', 'Jan de Boer', '19.00 EUR'],
      ['6002', 'Piet de Boer', '19.00 EUR'],
      ['5901', 'Jan de Boer', '19.00 EUR', { status: 'paid' }],
      ['5902', 'Piet de Boer', '19.00 EUR', { status: 'paid' }],
    ],
    history: ['5901', '5902'].map((paid) => ({
      payment: credit('19.00 EUR', 'hosting', 'JAN DE BOER', { iban: 'NL91ABNA0417164300', date: '2026-05-02' }),
      paid: [paid],
    })),
    expect: ['review 6001 19.00'],
    withheld: ['ambiguous'],
  },
  {
    story: 'half a name is never enough',
    payments: [credit('19.00 EUR', 'hosting', 'J. DE BOER')],
    invoices: [['6001', 'Jan de Boer', '19.00 EUR']],
    expect: ['review 6001 19.00'],
    withheld: ['veto_half_a_name'],
  },
  {
    story: 'an invoice with collections is for a person',
    payments: [credit('49.00 GBP', 'INV-1001', 'MARLOW HOSTING CO')],
    invoices: [['INV-1001', 'Marlow Hosting Co', '49.00 GBP', { status: 'collections' }]],
    expect: ['review INV-1001 49.00'],
    withheld: ['veto_status'],
  },
]

describe('matching scenarios', () => {
  it.each(scenarios)('$story', (scenario) => {
    const { transactions, invoices, history } = book(scenario)
    const verdicts = matchAll({ transactions, invoices, history, policy: defaultPolicy })
    expect(verdicts.map(summary)).toEqual(scenario.expect)
    const codes = verdicts.flatMap((verdict) => verdict.best?.reasons.map((reason) => reason.code) ?? [])
    expect(codes).toEqual(expect.arrayContaining(scenario.reasons ?? []))
    const withheld = verdicts.flatMap((verdict) => verdict.withheld.map((reason) => reason.code))
    expect([...new Set(withheld)]).toEqual(scenario.withheld ?? [])
    const ruledOut = verdicts.flatMap((verdict) =>
      verdict.ruledOut.map(({ invoiceId, code }) => `${invoiceId} ${code}`),
    )
    expect(ruledOut).toEqual(expect.arrayContaining(scenario.ruledOut ?? []))
    const proposed = verdicts
      .flatMap((verdict) => [...(verdict.best ? [verdict.best] : []), ...verdict.alternatives])
      .flatMap((proposal) => proposal.allocations.map((one) => one.invoiceId))
    for (const id of scenario.never ?? []) expect(proposed).not.toContain(id)
  })

  it('asks across currencies on a server and may decide in files where the amount is printed', () => {
    const rows = book({
      payments: [
        credit(
          '31.21 USD',
          'PAYMENT FROM K LANGBRINK /OCMT/EUR29,74/ /RFB/INV/2024/751 /EXCH/1.0494',
          'KATHARINA LANGBRINK',
        ),
      ],
      invoices: [['INV-2024-751', 'Katharina Langbrink', '29.74 EUR']],
    })
    const on = (acrossCurrencies: boolean) =>
      matchAll({ ...rows, policy: { ...defaultPolicy, acrossCurrencies } }).map(summary)
    expect(on(false)).toEqual(['review INV-2024-751 29.74'])
    expect(on(true)).toEqual(['auto INV-2024-751 29.74'])
  })

  it('keeps to the limits of the policy', () => {
    const rows = book({
      payments: [credit('49.00 GBP', 'INV-1001', 'MARLOW HOSTING CO')],
      invoices: [['INV-1001', 'Marlow Hosting Co', '49.00 GBP']],
    })
    const withheld = (more: object) =>
      matchAll({ ...rows, policy: { ...defaultPolicy, ...more } })[0]?.withheld.map((reason) => reason.code)
    expect(withheld({})).toEqual([])
    expect(withheld({ maxAutoAmountMinor: 4_899n })).toEqual(['veto_max_amount'])
    expect(withheld({ startOn: '2026-08-15' })).toEqual(['veto_start_on'])
    expect(matchAll({ ...rows, policy: { ...defaultPolicy, autoThreshold: 1 } })[0]?.decision).toBe('review')
  })

  it('scores by the rules in points', () => {
    const rows = book({
      payments: [credit('49.00 GBP', 'INV-1001 MARLOW HOSTING CO', ''), credit('49.30 GBP', 'INV-2002', '')],
      invoices: [
        ['INV-1001', 'Marlow Hosting Co', '49.00 GBP'],
        ['INV-2002', 'Ada Brook Ltd', '49.50 GBP'],
      ],
    })
    const [full, close] = matchAll({ ...rows, policy: { ...defaultPolicy, scorer: 'rules' } })
    expect(full).toMatchObject({ decision: 'auto', best: { score: 1, confidence: 0.9999 } })
    expect(full?.best?.reasons.map(({ code, weight }) => `${code} ${weight}`)).toEqual([
      'amount_exact_match 0.6',
      'reference_contains_invoice_id 0.3',
      'description_contains_client_name 0.2',
    ])
    expect(close?.best).toMatchObject({ score: 0.7, confidence: 0.7 })
    expect(close?.decision).toBe('review')
  })
})
