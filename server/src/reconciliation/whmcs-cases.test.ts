import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import {
  createReconciliationBench,
  type LineOptions,
  type ReconciliationBench,
  TODAY,
} from '../../test/setup/factories-reconciliation.ts'
import type { WhmcsSeed } from '../../../sandbox/src/whmcs/index.ts'
import { testClock } from '../base/clock.ts'

/** What goes wrong for people who enter payments into WHMCS, all the way: WHMCS's own rows, the mirror, the engine, the payment,
 *  and what WHMCS's ledger says at the end. */
interface Case {
  story: string
  /** WHMCS's id, name. */
  clients: [number, string][]
  /** WHMCS's id, its client, the number, the amount, and what is special. */
  invoices: [number, number, string, string, Partial<NonNullable<WhmcsSeed['invoices']>[number]>?][]
  /** Lines of the bank, one after the other. */
  lines: LineOptions[]
  /** What Payymo booked, as `invoice: amount`, and how each line ends. */
  booked: string[]
  fates: string[]
  /** Statuses in WHMCS at the end, where they matter. */
  statuses?: Record<number, string>
}

const MARLOW = 'Marlow Hosting Co'
const KELLER = 'Keller Media GmbH'

const cases: Case[] = [
  {
    story: 'a mass payment: the collective invoice takes the money, its parts are settled by WHMCS and take no more',
    clients: [[1, MARLOW]],
    invoices: [
      [881, 1, '', '70.00'],
      [882, 1, '', '50.00'],
      [
        900,
        1,
        '',
        '120.00',
        {
          items: [
            { type: 'Invoice', relid: 881, amount: '70.00', description: 'Invoice #881' },
            { type: 'Invoice', relid: 882, amount: '50.00', description: 'Invoice #882' },
          ],
        },
      ],
    ],
    lines: [
      { amount: '120.00', text: 'INVOICE 900', name: MARLOW },
      { amount: '70.00', text: 'INVOICE 881', name: MARLOW },
    ],
    booked: ['900: 120.00'],
    fates: ['applied', 'unmatched'],
    statuses: { 881: 'Paid', 882: 'Paid', 900: 'Paid' },
  },
  {
    story: 'a collective invoice that was given up: its parts are paid each by itself',
    clients: [[1, MARLOW]],
    invoices: [
      [881, 1, '', '70.00'],
      [882, 1, '', '50.00'],
      [
        900,
        1,
        '',
        '120.00',
        {
          items: [
            { type: 'Invoice', relid: 881, amount: '70.00' },
            { type: 'Invoice', relid: 882, amount: '50.00' },
          ],
        },
      ],
    ],
    lines: [
      { amount: '70.00', text: 'INVOICE 881', name: MARLOW },
      { amount: '50.00', text: 'INVOICE 882', name: MARLOW },
    ],
    booked: ['881: 70.00', '882: 50.00'],
    fates: ['applied', 'applied'],
    statuses: { 881: 'Paid', 882: 'Paid', 900: 'Unpaid' },
  },
  {
    story: 'names that WHMCS keeps with entities',
    clients: [
      [1, 'H&K Outfitters'],
      [2, "O'Neil & Sons"],
    ],
    invoices: [
      [331, 1, '', '84.00'],
      [333, 2, '', '36.00'],
    ],
    lines: [
      { amount: '84.00', text: 'HOSTING', name: 'H&K OUTFITTERS' },
      { amount: '36.00', text: 'HOSTING', name: 'ONEIL AND SONS' },
    ],
    booked: ['331: 84.00', '333: 36.00'],
    fates: ['applied', 'applied'],
  },
  {
    story: 'the number of a cancelled invoice, and its successor',
    clients: [[1, MARLOW]],
    invoices: [
      [6601, 1, '', '120.00', { status: 'Cancelled' }],
      [6622, 1, '', '120.00'],
    ],
    lines: [{ amount: '120.00', text: 'RECHNUNG 6601', name: MARLOW }],
    booked: ['6622: 120.00'],
    fates: ['applied'],
    statuses: { 6601: 'Cancelled', 6622: 'Paid' },
  },
  {
    story: 'the same invoice paid twice: nothing becomes credit of the client',
    clients: [[1, MARLOW]],
    invoices: [[7001, 1, 'INV-7001', '60.00']],
    lines: [
      { amount: '60.00', text: 'INV-7001', name: MARLOW, date: '2025-04-08' },
      { amount: '60.00', text: 'INV-7001', name: MARLOW },
    ],
    booked: ['7001: 60.00'],
    fates: ['applied', 'unmatched'],
  },
  {
    story: 'a number that begins like another',
    clients: [
      [1, MARLOW],
      [2, KELLER],
    ],
    invoices: [
      [100, 2, 'INV-100', '49.00'],
      [1001, 1, 'INV-1001', '49.00'],
    ],
    lines: [{ amount: '49.00', text: `INV-1001 ${MARLOW}`, name: MARLOW }],
    booked: ['1001: 49.00'],
    fates: ['applied'],
    statuses: { 100: 'Unpaid' },
  },
  {
    story: 'the number of one invoice is the id of another',
    clients: [
      [1, MARLOW],
      [2, KELLER],
    ],
    invoices: [
      [1050, 1, '77', '49.00'],
      [77, 2, '1050', '49.00'],
    ],
    lines: [{ amount: '49.00', text: '1050', name: 'A TREASURER' }],
    booked: [],
    fates: ['suggested'],
    statuses: { 77: 'Unpaid', 1050: 'Unpaid' },
  },
  {
    story: 'the id that stood on the proforma invoice, which has a number by now',
    clients: [
      [1, MARLOW],
      [2, KELLER],
    ],
    invoices: [
      [1050, 1, '2025-77', '49.00'],
      [1051, 1, '2025-78', '49.00'],
    ],
    lines: [{ amount: '49.00', text: 'Proforma Invoice #1051', name: MARLOW }],
    booked: ['1051: 49.00'],
    fates: ['applied'],
  },
  {
    story: 'only the customer number, of WHMCS',
    clients: [
      [771_045, MARLOW],
      [771_054, KELLER],
    ],
    invoices: [
      [610, 771_045, '2025-2201', '312.50'],
      [611, 771_054, '2025-2202', '312.50'],
    ],
    lines: [{ amount: '312.50', text: 'CLIENT REF 771045 THANK YOU', name: 'MARLOW HOSTING CO' }],
    booked: ['610: 312.50'],
    fates: ['applied'],
  },
  {
    story: 'one deposit for two clients: two payments of the parts',
    clients: [
      [1, MARLOW],
      [2, KELLER],
    ],
    invoices: [
      [8801, 1, 'INV-8801', '95.00'],
      [8802, 2, 'INV-8802', '65.00'],
    ],
    lines: [{ amount: '160.00', text: 'COLLECTED FOR INV-8801 + INV-8802', name: 'VILLAGE HALL TREASURER' }],
    booked: ['8801: 95.00', '8802: 65.00'],
    fates: ['applied'],
    statuses: { 8801: 'Paid', 8802: 'Paid' },
  },
  {
    story: 'short by the fee of a wire: part of the invoice is paid, and it stays open',
    clients: [
      [1, MARLOW],
      [2, KELLER],
    ],
    invoices: [
      [30_417, 1, '', '5200.00'],
      [30_418, 2, '', '5171.50'],
    ],
    lines: [{ amount: '5171.50', text: 'INVOICE 30417 LESS BANK CHARGES', name: MARLOW }],
    booked: ['30417: 5171.50'],
    fates: ['applied'],
    statuses: { 30_417: 'Unpaid', 30_418: 'Unpaid' },
  },
  {
    story: 'zeros before a number are padding, zeros behind it are digits',
    clients: [
      [1, MARLOW],
      [2, KELLER],
    ],
    invoices: [
      [301, 1, '260300040', '1210.00'],
      [302, 2, '26030004', '1210.00'],
    ],
    lines: [{ amount: '1210.00', text: '0260300040 PLATBA', name: MARLOW }],
    booked: ['301: 1210.00'],
    fates: ['applied'],
    statuses: { 302: 'Unpaid' },
  },
  {
    story: 'three equal months of one service, nothing named: the oldest first',
    clients: [[1, MARLOW]],
    invoices: ['01', '02', '03'].map((month, n) => [
      1200 + n,
      1,
      '',
      '29.00',
      {
        date: `2025-${month}-01`,
        due: `2025-${month}-15`,
        items: [{ description: `Web hosting (2025-${month}-01 - 2025-${month}-28)`, amount: '29.00', type: 'Hosting' }],
      },
    ]),
    lines: [{ amount: '29.00', text: 'HOSTING', name: MARLOW }],
    booked: ['1200: 29.00'],
    fates: ['applied'],
  },
  {
    story: 'two sets of invoices have the sum: a person is asked',
    clients: [[1, MARLOW]],
    invoices: [
      [711, 1, '', '100.00'],
      [712, 1, '', '150.00'],
      [713, 1, '', '200.00'],
      [714, 1, '', '150.00'],
    ],
    lines: [{ amount: '300.00', text: 'PAYMENT ON ACCOUNT', name: MARLOW }],
    booked: [],
    fates: ['suggested'],
  },
  {
    story: "the number of one client's invoice, name and amount of another's: the number is a slip",
    clients: [
      [1, MARLOW],
      [2, KELLER],
    ],
    invoices: [
      [4102, 1, 'INV-4102', '742.00'],
      [4120, 2, 'INV-4120', '95.00'],
    ],
    lines: [{ amount: '742.00', text: 'INV-4120', name: MARLOW }],
    booked: ['4102: 742.00'],
    fates: ['applied'],
  },
  {
    story: 'a payout of the card processor pays no invoice',
    clients: [[1, MARLOW]],
    invoices: [[900, 1, 'INV-900', '482.11']],
    lines: [{ amount: '482.11', text: 'STRIPE PAYMENTS UK LTD STRIPE Q7W2', name: 'STRIPE PAYMENTS UK LTD' }],
    booked: [],
    fates: ['unmatched'],
  },
]

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench | undefined
beforeAll(async () => {
  app = await createTestApp({ clock })
})
afterEach(async () => {
  await bench?.stop()
  bench = undefined
})
afterAll(() => app.stop())

describe('all the way into WHMCS', () => {
  it.each(cases)('$story', async ({ clients, invoices, lines, booked, fates, statuses = {} }) => {
    bench = await createReconciliationBench(app, clock, {
      seed: {
        clients: clients.map(([id, name]) => ({ id, name: `Ada ${name}`, companyname: name, currency: 'EUR' })),
        invoices: invoices.map(([id, client, number, total, more]) => ({
          id,
          client,
          number,
          ...(more?.items ? {} : { total }),
          date: '2025-04-01',
          due: '2025-04-15',
          ...more,
        })),
      },
      settings: { mode: 'auto' },
    })
    const ids: Awaited<ReturnType<ReconciliationBench['line']>>[] = []
    for (const line of lines) {
      ids.push(await bench.line(line))
      await bench.run()
      await bench.pay()
      await bench.mirror()
    }
    await bench.run()
    const books = bench.whmcs.control.books()
    const rows = books.transactions.filter(({ transid }) => transid.startsWith('PYM-'))
    expect(rows.map(({ invoiceid, amountin }) => `${invoiceid}: ${amountin}`).toSorted()).toEqual(booked.toSorted())
    const ends: string[] = []
    for (const id of ids) ends.push(await bench.status(id))
    expect(ends).toEqual(fates)
    expect(books.clients.filter(({ credit }) => credit !== '0.00')).toEqual([])
    for (const [id, status] of Object.entries(statuses)) {
      expect(books.invoices.find((invoice) => String(invoice.id) === id)).toMatchObject({ status })
    }
  })
})
