import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../test/setup/factories-reconciliation.ts'
import { type History, type HistoryLine, histories } from '../../test/setup/histories.ts'
import { testClock } from '../base/clock.ts'
import type { Id } from '../base/ids.ts'
import { defaultPolicy, matchAll, type MatchInvoice } from '../matching/index.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ clock })
})
afterAll(() => app.stop())

/** What became of a line: `invoices` by WHMCS's ids. */
interface Outcome {
  line: HistoryLine
  fate: 'applied' | 'booked' | 'asked' | 'nothing'
  invoices: number[]
}

const daysBetween = (one: string, other: string): number => Math.abs(Date.parse(one) - Date.parse(other)) / 86_400_000

/** How many lines can be payments of the desk, each one of them and at most five days apart. Nearest first from the earliest on
 *  is as many as there can be. */
function pairable(lines: readonly string[], booked: readonly string[]): number {
  const left = booked.toSorted()
  return lines.toSorted().filter((day) => {
    const at = left.findIndex((other) => daysBetween(day, other) <= 5)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  }).length
}

/** No line that paid an old invoice is ever applied to its twin; each is found to be booked; and what pays open ones is. */
function judge(history: History, outcomes: readonly Outcome[]): void {
  for (const { line, fate, invoices } of outcomes) {
    const shown = { line, fate, invoices }
    if (line.is === 'booked') expect(shown).not.toMatchObject({ fate: 'applied' })
    if (fate === 'applied' || fate === 'booked') {
      const own = history.seed.invoices!.filter(({ client }) => client === line.client).map(({ id }) => id!)
      expect(own).toEqual(expect.arrayContaining(invoices))
    }
    if (line.style === 'name') continue
    // Whoever says what he pays is understood to the invoice.
    const near = history.paidOn(line.client).some((day) => daysBetween(day, line.date) <= 5)
    if (line.is === 'booked') expect(shown).toMatchObject({ fate: 'booked', invoices: [line.invoiceId] })
    else if (!near) expect(shown).toMatchObject({ fate: 'applied', invoices: [line.invoiceId] })
    // Beside an equal payment a person says what it is.
    else expect(shown).toMatchObject({ fate: 'asked' })
  }
  for (const client of new Set(outcomes.map(({ line }) => line.client))) {
    // Of equal lines that say nothing but a name, as many are booked as there are payments they can be.
    const equal = outcomes.filter(({ line }) => line.client === client && line.style === 'name')
    if (equal.length === 0) continue
    const found = equal.filter(({ fate }) => fate === 'booked').length
    const days = equal.map(({ line }) => line.date)
    expect([client, found]).toEqual([client, pairable(days, history.bookedOn(client))])
  }
  // Each payment of the desk is one line, and each open invoice is paid once.
  for (const fate of ['booked', 'applied'] as const) {
    const taken = outcomes.filter((one) => one.fate === fate).flatMap(({ invoices }) => invoices)
    expect(new Set(taken).size).toBe(taken.length)
  }
}

describe('the engine, on the books of a hoster whose clients pay the same sum every month', () => {
  it('tells money that was booked by hand from its twins', () => {
    fc.assert(
      fc.property(histories(TODAY), (history) => {
        const transactions = history.lines.map(({ cents, date, text, name }, n) => ({
          id: String(n).padStart(3, '0'),
          amountMinor: BigInt(cents),
          currency: 'EUR',
          direction: 'credit' as const,
          date,
          reference: text,
          description: text,
          counterparty: { name, iban: null },
        }))
        const policy = { ...defaultPolicy, startOn: '2025-01-01' }
        const verdicts = matchAll({ transactions, invoices: engineInvoices(history), history: [], policy })
        const outcomes = verdicts.map(({ booked, decision, best }, n): Outcome => {
          const line = history.lines[n]!
          if (booked) return { line, fate: 'booked', invoices: [Number.parseInt(booked.invoiceId, 10)] }
          const invoices = (best?.allocations ?? []).map(({ invoiceId }) => Number.parseInt(invoiceId, 10))
          return { line, invoices, fate: ({ auto: 'applied', review: 'asked', none: 'nothing' } as const)[decision] }
        })
        judge(history, outcomes)
      }),
      { numRuns: 400 },
    )
  })
})

function engineInvoices({ seed }: History): MatchInvoice[] {
  const clients = new Map(seed.clients!.map((client) => [client.id!, client]))
  return seed.invoices!.map((invoice) => {
    const totalMinor = minorOf(invoice.items![0]!.amount)
    const client = clients.get(invoice.client)!
    return {
      id: String(invoice.id),
      number: invoice.number!,
      totalMinor,
      balanceMinor: invoice.status === 'Paid' ? 0n : totalMinor,
      currency: 'EUR',
      date: invoice.date!,
      dueDate: invoice.due!,
      status: invoice.status === 'Paid' ? 'paid' : 'unpaid',
      client: { id: String(invoice.client), name: client.name!, company: client.companyname!, email: '' },
      items: invoice.items!.map(({ description }) => ({ description: description! })),
      payments: seed
        .payments!.filter((payment) => payment.invoice === invoice.id)
        .map(({ transid, date, amount, gateway }) => ({
          id: transid,
          amountMinor: minorOf(amount),
          date: date!,
          transid,
          ...(gateway === 'stripe' ? { takenBy: 'other' as const } : {}),
        })),
      collects: [],
    }
  })
}

const minorOf = (text: string): bigint => BigInt(text.replace('.', ''))

describe('Payymo comes to such a hoster', () => {
  it('fetches, mirrors and books: nothing twice, nothing moved that was there, and the same run again does nothing', async () => {
    await fc.assert(
      fc.asyncProperty(histories(TODAY), async (history) => {
        const { bench, outcomes } = await connect(history, { mode: 'auto' })
        try {
          judge(history, outcomes)
          conserve(bench, history, outcomes)
        } finally {
          await bench.stop()
        }
      }),
      { numRuns: 6 },
    )
  }, 120_000)

  it('books nothing by itself that is older than start_on, or than the day of the first bank account', async () => {
    await fc.assert(
      fc.asyncProperty(histories(TODAY), fc.constantFrom('set', 'default'), async (history, how) => {
        const day = '2025-03-15'
        const settings = how === 'set' ? { mode: 'auto', start_on: day } : { mode: 'auto' }
        const { bench, outcomes } = await connect(history, settings, how === 'set' ? '2025-01-01' : day)
        try {
          conserve(bench, history, outcomes)
          for (const { line, fate } of outcomes) {
            if (line.date < day) expect([line.date, fate]).not.toEqual([line.date, 'applied'])
            // What was booked by hand is found whenever it was.
            if (line.is === 'booked' && line.style !== 'name') expect(fate).toBe('booked')
          }
        } finally {
          await bench.stop()
        }
      }),
      { numRuns: 4 },
    )
  }, 120_000)
})

/** The bank's window is fetched, WHMCS mirrored, everything matched and booked, all of it twice. */
async function connect(
  history: History,
  settings: object,
  firstAccountOn = '2025-01-01',
): Promise<{ bench: ReconciliationBench; outcomes: Outcome[] }> {
  const bench = await createReconciliationBench(app, clock, { settings })
  await app.store.read(bench.tenant.id, (tx) =>
    tx.run('update accounts set first_seen_on = $2 where tenant_id = $1', [tx.tenantUuid, firstAccountOn]),
  )
  bench.whmcs.control.seed(history.seed)
  const ids: Id<'txn'>[] = []
  for (const { cents, text, name, date } of history.lines) {
    ids.push(await bench.line({ amount: `${Math.floor(cents / 100)}.00`, text, name, date }))
  }
  // Before the books are known nothing is decided.
  expect(await bench.run()).toMatchObject({ looked: 0 })
  await bench.mirror()
  await bench.run()
  await bench.pay()
  await bench.mirror()
  const before = await bench.traces()
  await bench.run()
  await bench.pay()
  expect(await bench.traces()).toEqual(before)
  const outcomes = await Promise.all(
    history.lines.map(async (line, n): Promise<Outcome> => {
      const match = (await bench.matches(ids[n]!)).at(-1)
      const allocations: { invoice_number: string }[] = match?.allocations ?? []
      const invoices = allocations.map(({ invoice_number: number }) => Number.parseInt(number.slice(4), 10))
      const status = await bench.status(ids[n]!)
      if (status === 'matched') expect(match.match_reason).toBe('already_booked')
      const fates = { applied: 'applied', matched: 'booked', suggested: 'asked', unmatched: 'nothing' } as const
      return { line, invoices, fate: fates[status as keyof typeof fates] }
    }),
  )
  return { bench, outcomes }
}

/** What must hold whatever was decided: nothing that was there has changed, no invoice holds more than its total, nobody got
 *  credit, and what was booked is what the lines that were applied brought. */
function conserve(bench: ReconciliationBench, history: History, outcomes: readonly Outcome[]): void {
  const { invoices, transactions, clients } = bench.whmcs.control.books()
  const ours = transactions.filter(({ transid }) => transid.startsWith('PYM-'))
  const desk = transactions.filter(({ transid }) => !transid.startsWith('PYM-'))
  expect(desk.map(({ transid, amountin }) => [transid, amountin])).toEqual(
    history.seed.payments!.map(({ transid, amount }) => [transid, amount]),
  )
  const sumOf = (rows: { amountin: string }[]): bigint => rows.reduce((sum, row) => sum + minorOf(row.amountin), 0n)
  for (const { invoiceid } of ours) expect(history.settled).not.toContain(invoiceid)
  for (const invoice of invoices) {
    const paid = transactions.filter((row) => row.invoiceid === invoice.id)
    expect(sumOf(paid) <= minorOf(invoice.total)).toBe(true)
  }
  expect(clients.filter(({ credit }) => credit !== '0.00')).toEqual([])
  const applied = outcomes.filter(({ fate }) => fate === 'applied')
  for (const { line } of applied) expect(line.is).toBe('pays')
  expect(sumOf(ours)).toBe(applied.reduce((sum, { line }) => sum + BigInt(line.cents), 0n))
}
