import { describe, expect, it } from 'vitest'
import type { BilledInvoice, BilledPayment } from '../billing-system.ts'
import { type Found, type Intent, judge } from './judge.ts'

const OURS = `PYM-${'A'.repeat(26)}`
const FOREIGN = `PYM-${'B'.repeat(26)}`

const intent = (change: Partial<Intent> = {}): Intent => ({
  transid: OURS,
  invoiceExternalId: '1050',
  invoiceNumber: 'INV-1050',
  amountMinor: 12_000n,
  surplusMinor: 0n,
  currency: 'EUR',
  sends: 0,
  settled: true,
  overruledTransids: [],
  alsoKnownAs: [],
  ...change,
})

const paid = (change: Partial<BilledPayment> = {}): BilledPayment => ({
  externalId: '77',
  invoiceExternalId: '1050',
  transid: OURS,
  amountMinor: 12_000n,
  paidOn: '2025-04-10',
  gateway: 'banktransfer',
  ...change,
})

const invoice = (change: Partial<BilledInvoice> = {}): BilledInvoice => ({
  externalId: '1050',
  number: '',
  status: 'unpaid',
  totalMinor: 12_000n,
  balanceMinor: 12_000n,
  issuedOn: null,
  dueOn: null,
  items: [],
  collects: [],
  payments: [],
  ...change,
})

const found = (change: Partial<Found> = {}): Found => ({
  payments: [],
  recorded: [],
  invoice: invoice(),
  known: new Set(),
  ...change,
})

const after = { sends: 1, settled: true }
const unsettled = { sends: 1, settled: false }
const CARD = { alsoKnownAs: ['ch_1', 'pi_1'] }

/** Situation, what we want, what WHMCS shows, what follows. */
const rows: [string, Partial<Intent>, Partial<Found>, string][] = [
  ['nothing there, never sent', {}, {}, 'send'],
  ['nothing there, sent and settled', after, {}, 'send'],
  ['nothing there, sent and not settled', unsettled, {}, 'wait'],
  ['nothing there after four sends', { ...after, sends: 4 }, {}, 'send'],
  ['nothing there after five sends', { ...after, sends: 5 }, {}, 'quarantine no_answer'],
  ['nothing there after five sends, the last not settled', { ...unsettled, sends: 5 }, {}, 'wait'],
  ['there, as wanted', {}, { payments: [paid()] }, 'accept'],
  ['there, as wanted, before the send settled', unsettled, { payments: [paid()] }, 'accept'],
  [
    'there, and the invoice is paid by it',
    after,
    { payments: [paid()], invoice: invoice({ status: 'paid' }) },
    'accept',
  ],
  ['there, and the invoice is gone', after, { payments: [paid()], invoice: undefined }, 'accept'],
  ['committed between the two look-ups', after, { invoice: invoice({ payments: [paid()] }) }, 'accept'],
  ['seen by both look-ups', after, { payments: [paid()], invoice: invoice({ payments: [paid()] }) }, 'accept'],
  ['there with another amount', {}, { payments: [paid({ amountMinor: 11_999n })] }, 'quarantine booked_otherwise'],
  ['there on another invoice', {}, { payments: [paid({ invoiceExternalId: '1051' })] }, 'quarantine booked_otherwise'],
  ['there on no invoice', {}, { payments: [paid({ invoiceExternalId: null })] }, 'quarantine booked_otherwise'],
  ['there twice', {}, { payments: [paid(), paid({ externalId: '78' })] }, 'quarantine booked_twice'],
  ['an id in other letters is not ours', {}, { payments: [paid({ transid: OURS.toLowerCase() })] }, 'send'],
  [
    'a gateway has recorded it, never sent',
    CARD,
    { recorded: [paid({ transid: 'ch_1' })] },
    'refuse recorded_by_gateway',
  ],
  [
    'a gateway has recorded it elsewhere',
    CARD,
    { recorded: [paid({ transid: 'pi_1', invoiceExternalId: '1051' })] },
    'refuse recorded_by_gateway',
  ],
  [
    'a gateway recorded it between the look-ups, and the invoice is paid',
    CARD,
    { invoice: invoice({ status: 'paid', payments: [paid({ transid: 'INV 1 (ch_1)' })] }) },
    'refuse recorded_by_gateway',
  ],
  [
    'a gateway has recorded it, sent and settled',
    { ...CARD, ...after },
    { recorded: [paid({ transid: 'ch_1' })] },
    'quarantine recorded_by_gateway',
  ],
  [
    'a gateway has recorded it, sent and not settled',
    { ...CARD, ...unsettled },
    { recorded: [paid({ transid: 'ch_1' })] },
    'wait',
  ],
  [
    'a gateway has recorded it, and it is there',
    CARD,
    { payments: [paid()], recorded: [paid({ transid: 'ch_1' })] },
    'accept',
  ],
  ['a gateway gave it back', CARD, { recorded: [paid({ transid: 'ch_1', amountMinor: -12_000n })] }, 'send'],
  ['a gateway has recorded another', CARD, { invoice: invoice({ payments: [paid({ transid: 'ch_1_2' })] }) }, 'send'],
  [
    'equal amount under an id like ours, strange to us',
    {},
    { invoice: invoice({ payments: [paid({ transid: FOREIGN })] }) },
    'quarantine foreign_payment',
  ],
  [
    'the same, not settled',
    unsettled,
    { invoice: invoice({ payments: [paid({ transid: FOREIGN })] }) },
    'quarantine foreign_payment',
  ],
  [
    'the same, overruled by a person',
    { overruledTransids: [FOREIGN] },
    { invoice: invoice({ payments: [paid({ transid: FOREIGN })] }) },
    'send',
  ],
  [
    'equal amount under an id of ours',
    {},
    { invoice: invoice({ payments: [paid({ transid: FOREIGN })] }), known: new Set([FOREIGN]) },
    'send',
  ],
  [
    'other amount under an id like ours',
    {},
    { invoice: invoice({ payments: [paid({ transid: FOREIGN, amountMinor: 1n })] }) },
    'send',
  ],
  [
    'equal amount under an id of another gateway',
    {},
    { invoice: invoice({ payments: [paid({ transid: 'ch_1' })] }) },
    'send',
  ],
  ['balance larger', {}, { invoice: invoice({ balanceMinor: 50_000n }) }, 'send'],
  ['balance one cent short', {}, { invoice: invoice({ balanceMinor: 11_999n }) }, 'refuse balance_too_small'],
  ['already paid', {}, { invoice: invoice({ status: 'paid', balanceMinor: 0n }) }, 'refuse already_paid'],
  ['cancelled', {}, { invoice: invoice({ status: 'cancelled' }) }, 'refuse not_payable'],
  ['draft', {}, { invoice: invoice({ status: 'draft' }) }, 'refuse not_payable'],
  ['refunded', {}, { invoice: invoice({ status: 'refunded' }) }, 'refuse not_payable'],
  ['collections', {}, { invoice: invoice({ status: 'collections' }) }, 'refuse not_payable'],
  ['payment pending', {}, { invoice: invoice({ status: 'payment_pending' }) }, 'refuse not_payable'],
  ['invoice gone', {}, { invoice: undefined }, 'refuse invoice_missing'],
  ['sent, not settled, invoice paid by something else', unsettled, { invoice: invoice({ status: 'paid' }) }, 'wait'],
  [
    'sent, settled, invoice paid by something else',
    after,
    { invoice: invoice({ status: 'paid' }) },
    'quarantine already_paid',
  ],
  ['sent, settled, invoice gone', after, { invoice: undefined }, 'quarantine invoice_missing'],
  [
    'sent, settled, balance too small',
    after,
    { invoice: invoice({ balanceMinor: 1n }) },
    'quarantine balance_too_small',
  ],
]

describe('judge', () => {
  it.each(rows)('%s', (_situation, wanted, shows, verdict) => {
    const judged = judge(intent(wanted), found(shows))
    expect('code' in judged ? `${judged.do} ${judged.code}` : judged.do).toBe(verdict)
  })

  it('gives a person both sides: what was wanted and what is there', () => {
    const judged = judge(intent(), found({ payments: [paid({ amountMinor: 10_000n, invoiceExternalId: '1051' })] }))
    expect(judged).toMatchObject({
      words: `Wanted: 120.00 EUR on invoice INV-1050 as ${OURS}. WHMCS shows under this id: 100.00 EUR on invoice id 1051, 2025-04-10, transaction 77, ${OURS}.`,
    })
  })

  it('names the foreign ids, so that a person can overrule just these', () => {
    const judged = judge(intent(), found({ invoice: invoice({ payments: [paid({ transid: FOREIGN })] }) }))
    expect(judged).toMatchObject({ do: 'quarantine', foreign: [FOREIGN] })
  })
})
