import { describe, expect, it } from 'vitest'
import { defaultPolicy, type MatchInvoice, type MatchTransaction } from '../matching/index.ts'
import { createAsk } from './ask-aside.ts'
import { askEngine, paymentName, type Question } from './ask-engine.ts'

const invoice = (n: number, more: Partial<MatchInvoice> = {}): MatchInvoice => ({
  id: `inv_${n}`,
  number: `INV-${n}`,
  totalMinor: 5_000n,
  balanceMinor: 5_000n,
  currency: 'EUR',
  date: '2025-04-01',
  dueDate: '2025-04-15',
  status: 'unpaid',
  client: { id: `c${n}`, name: `Client ${n}`, company: '', email: '' },
  items: [{ description: 'Web hosting' }],
  payments: [],
  collects: [],
  ...more,
})
const line = (n: number, more: Partial<MatchTransaction> = {}): MatchTransaction => ({
  id: `txn_${n}`,
  amountMinor: 5_000n,
  currency: 'EUR',
  direction: 'credit',
  date: '2025-04-10',
  reference: `INV-${n}`,
  description: '',
  counterparty: { name: `Client ${n}`, iban: null },
  ...more,
})
/** Paid by hand in the billing system. */
const paid = (n: number): MatchInvoice =>
  invoice(n, {
    balanceMinor: 0n,
    status: 'paid',
    payments: [{ id: 'p1', amountMinor: 5_000n, date: '2025-04-10', transid: 'bank' }],
  })

const question = (more: Partial<Question> = {}): Question => ({
  lines: [line(1), line(2), line(3), line(4)],
  failed: [line(5)],
  invoices: [invoice(1), invoice(2), paid(3), paid(4), paid(5)],
  history: [{ transaction: line(2), invoiceIds: ['inv_2'], accepted: true }],
  policy: { ...defaultPolicy },
  taken: [paymentName('inv_4', 'p1')],
  letGo: new Map([['txn_3', ['inv_9']]]),
  ...more,
})

describe('asking the engine', () => {
  it('recognises what stands in the billing system, and lets each payment explain one line', () => {
    const { found, late } = askEngine(question())
    expect(found.map(({ booked }) => booked?.invoiceId)).toEqual([undefined, undefined, 'inv_3', undefined])
    expect(late.map(({ transactionId, booked }) => [transactionId, booked?.invoiceId])).toEqual([['txn_5', 'inv_5']])
    expect(found.slice(0, 2).map(({ best }) => best?.allocations.map((part) => part.invoiceId))).toEqual([
      ['inv_1'],
      ['inv_2'],
    ])
  })

  it('in a thread answers the same, also several at once', async () => {
    const aside = createAsk({ linesHereMax: 0 })
    const answers = await Promise.all([aside(question()), aside(question()), aside(question()), aside(question())])
    for (const answer of answers) expect(answer).toEqual(askEngine(question()))
  })

  it('a fault in the thread is the fault of the call, and the next is answered', async () => {
    const aside = createAsk({ linesHereMax: 0 })
    const broken = { ...question(), history: undefined } as unknown as Question
    await expect(aside(broken)).rejects.toThrow(/history|iterable|undefined/)
    expect((await aside(question())).found).toHaveLength(4)
  })

  it('small questions need no thread', async () => {
    const given = question()
    await createAsk()(given)
    // The question itself was marked: it was answered here.
    expect(given.invoices[3]!.payments[0]!.takenBy).toBe('other')
  })
})
