import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CHOICES, FAULT_MODES, type FaultMode, type Switches } from '../../../../sandbox/src/whmcs/index.ts'
import { createTestApp, type TestApp } from '../../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../../test/setup/factories-reconciliation.ts'
import { pairwise } from '../../../test/setup/pairwise.ts'
import { testClock } from '../../base/clock.ts'
import { isTransid } from '../payments/index.ts'

/** Our client against every behaviour in which installations of WHMCS differ, two by two, and against addresses that are no WHMCS. */
const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp
let bench: ReconciliationBench

beforeAll(async () => {
  app = await createTestApp({ clock })
})
afterAll(() => app.stop())
const { site: SITES, ...behaviours } = CHOICES

async function connect(switches: Partial<Switches>): Promise<void> {
  bench = await createReconciliationBench(app, clock, { settings: { mode: 'manual' } })
  bench.whmcs.control.setSwitches(switches)
}

const SEED = {
  clients: [
    { id: 1, name: "Sean O'Neil", companyname: 'Smith & Sons', currency: 'EUR', credit: '20.00' },
    { id: 2, name: 'Yuki Mori', currency: 'USD' },
  ],
  invoices: [
    { id: 101, client: 1, items: [{ amount: '40.00', taxed: true, description: 'Hosting "L"' }], taxrate: '20.000' },
    { id: 102, client: 1, total: '120.00' },
    { id: 103, client: 1, total: '5.00', status: 'Draft' as const },
    { id: 104, client: 1, total: '33.00', status: 'Paid' as const },
    { id: 105, client: 2, total: '7.00', status: 'Payment Pending' as const },
    { id: 106, client: 2, items: [{ type: 'Invoice', relid: 105, amount: '7.00' }] },
    ...Array.from({ length: 24 }, (_, n) => ({ id: 200 + n, client: 1, total: '1.00' })),
  ],
}

/** One call of WHMCS's own, as the desk makes it: by another hand than ours. */
async function atTheDesk(action: string, fields: Record<string, string>): Promise<void> {
  const [credential] = bench.whmcs.control.settings().access.credentials
  const { identifier, secret } = credential!
  const form = new URLSearchParams({ identifier, secret, action, responsetype: 'json', ...fields })
  await fetch(`${bench.whmcs.url}/includes/api.php`, { method: 'POST', body: form })
}

const ours = () => bench.whmcs.control.journal().filter(({ transid }) => isTransid(transid))

/** Works until all has ended, whatever would have to be waited for. */
async function payAll(): Promise<void> {
  const { pool } = app.database
  for (let round = 0; round < 10; round++) {
    await bench.pay()
    const { rowCount } = await pool.query(
      `with p as (update payments set next_attempt_at = now() - interval '1 second', settled_at = settled_at - interval '1 day'
                   where state in ('pending', 'sending', 'unknown') returning 1),
            u as (update undos set next_attempt_at = now() - interval '1 second', settled_at = settled_at - interval '1 day'
                   where state in ('pending', 'sending', 'unknown') returning 1)
       select 1 from p union all select 1 from u`,
    )
    if (rowCount === 0) return
  }
}

/** The open invoices of both books, in one form. */
async function bothBooks(): Promise<{ here: unknown; there: unknown }> {
  const { data } = await bench.get('/invoices?per_page=100')
  const all = data as { external_id: string; number: string; status: string; balance: number; currency: string }[]
  const rows = all.filter(({ status }) => status === 'unpaid' || status === 'payment_pending')
  const there = bench.whmcs.control.books().invoices.filter(({ status }) => /^(Unpaid|Payment Pending)$/.test(status))
  const byId = (one: unknown[], other: unknown[]) => Number(one[0]) - Number(other[0])
  return {
    here: rows
      .map((row) => [row.external_id, row.number, row.status, row.balance.toFixed(2), row.currency])
      .toSorted(byId),
    there: there
      .map((row) => [
        String(row.id),
        row.invoicenum,
        row.status.toLowerCase().replace(' ', '_'),
        row.balance,
        row.currency,
      ])
      .toSorted(byId),
  }
}

describe('installations differ', () => {
  afterEach(() => bench.stop())
  const combinations = pairwise(behaviours)

  it.each(combinations.map((switches, n) => [n + 1, switches] as const))(
    'combination %i is read as it is, paid once and taken back, or says what remains: %o',
    async (_, switches) => {
      await connect(switches)
      await bench.seed(SEED)
      bench.whmcs.control.setClock({ advanceMs: 60_000 })
      await atTheDesk('ApplyCredit', { invoiceid: '102', amount: '20.00' })
      await bench.mirror()
      expect((await bench.test()).steps.filter((step: { ok: boolean }) => !step.ok)).toEqual([])
      const { here, there } = await bothBooks()
      expect(here).toEqual(there)
      expect((await bench.get(`/invoices/${await bench.invoice('101')}`)).client).toMatchObject({
        name: "Sean O'Neil",
        company: 'Smith & Sons',
      })

      const invoice = await bench.invoice('102')
      const line = await bench.line({ amount: 100 })
      const { body: match } = await bench.create(line, { 102: 100 })
      await payAll()
      expect(ours()).toMatchObject([{ kind: 'payment', invoiceid: 102, amount: '100.00', date: `${TODAY} 00:00:00` }])
      expect((await bench.get(`/invoice-matches/${match.id}`)).status).toBe('applied')
      const booked = bench.whmcs.control.books().invoices.find(({ id }) => id === 102)!
      expect(await bench.get(`/invoices/${invoice}`)).toMatchObject({
        status: 'paid',
        balance: 0,
        number: booked.invoicenum,
      })

      await bench.reverse(match.id)
      await payAll()
      await judgeUndo(switches, match.id)
      expect(bench.whmcs.control.warnings()).toEqual([])
    },
  )
})

/** Taken back wholly where the installation lets us, else put before a person with words; never out twice. */
async function judgeUndo(switches: Pick<Switches, 'moneyOut' | 'reopen'>, matchId: string): Promise<void> {
  const refunds = ours().filter(({ kind }) => kind === 'refund')
  const [payment] = (await bench.get(`/payments?match_id=${matchId}`)).data
  const { status } = bench.whmcs.control.books().invoices.find(({ id }) => id === 102)!
  const whole = switches.moneyOut === 'accepted' && switches.reopen === 'accepted'
  expect(refunds).toHaveLength(switches.moneyOut === 'refused' ? 0 : 1)
  expect(payment.undo).toMatchObject({ state: whole ? 'done' : 'needs_person' })
  expect((await bench.get(`/invoice-matches/${matchId}`)).status).toBe(whole ? 'reversed' : 'applied')
  expect(status).toBe(whole ? 'Unpaid' : 'Paid')
}

describe('an address that is no working WHMCS', () => {
  afterEach(() => bench.stop())

  const CODES: Record<Exclude<Switches['site'], 'whmcs'>, [code: string, words: RegExp]> = {
    not_whmcs: ['not_whmcs', /no includes\/api\.php at this address/],
    page_for_all: ['not_whmcs', /Check the system URL/],
    login_page: ['not_whmcs', /Check the system URL/],
    moved: ['redirected', /redirects to https:\/\/www\.moved\.example\/new\. Enter that/],
    half_upgraded: ['not_whmcs', /a pending upgrade or a licence problem/],
    licence: ['not_whmcs', /a pending upgrade or a licence problem/],
    php_fatal: ['unreachable', /answered 500\. Its error log says why/],
    silent: ['not_whmcs', /a pending upgrade or a licence problem/],
  }
  const sites = SITES.flatMap((site) => (site === 'whmcs' ? [] : [[site, ...CODES[site]] as const]))

  it.each(sites)(
    '%s is told as %s, nothing is concluded from it, and afterwards it is booked once',
    async (site, code, words) => {
      await connect({})
      await bench.seed({ clients: [{ id: 1, currency: 'EUR' }], invoices: [{ id: 101, client: 1, total: '50.00' }] })
      const { body: match } = await bench.create(await bench.line({ amount: 50 }), { 101: 50 })
      bench.whmcs.control.setSwitches({ site, movedTo: 'https://www.moved.example/new' })
      await bench.mirror()
      const shown = await bench.get(`/whmcs-instances/${bench.instanceId}`)
      expect(shown).toMatchObject({ status: 'error', error: { code, message: expect.stringMatching(words) } })
      const { ok, steps } = await bench.test()
      const failed = steps.find((step: { ok: boolean }) => !step.ok)
      expect([ok, failed.step]).toEqual([false, 'whmcs'])
      expect(`${failed.message}. ${failed.remedy}`).toMatch(words)
      await bench.pay()
      const [waiting] = (await bench.get(`/payments?match_id=${match.id}`)).data
      expect([waiting.state, waiting.attempts, ours()]).toEqual(['pending', 0, []])
      expect(waiting.reason).toMatch(words)
      expect(await bench.get(`/invoices/${await bench.invoice('101')}`)).toMatchObject({
        status: 'unpaid',
        balance: 50,
      })

      bench.whmcs.control.setSwitches({ site: 'whmcs' })
      await payAll()
      await bench.mirror()
      expect(ours()).toMatchObject([{ kind: 'payment', amount: '50.00' }])
      expect((await bench.get(`/invoice-matches/${match.id}`)).status).toBe('applied')
      expect(await bench.get(`/whmcs-instances/${bench.instanceId}`)).toMatchObject({ status: 'active', error: null })
    },
  )
})

describe('a send that goes wrong', () => {
  /** Those that may strike before or after the commit; the others say so themselves. */
  const either: FaultMode[] = ['502_html', 'html_error_page', 'html_403', '429_html', 'empty_body', 'maintenance']
  const cases = [
    ...FAULT_MODES.map((mode) => [mode, false] as const),
    ...either.map((mode) => [mode, true] as const),
  ].map(([mode, commits], n) => [mode, commits, 101 + n] as const)

  beforeAll(async () => {
    await connect({})
    const invoices = cases.map(([, , id]) => ({ id, client: 1, total: '50.00' }))
    await bench.seed({ clients: [{ id: 1, currency: 'EUR' }], invoices })
  })
  afterAll(() => bench.stop())

  it.each(cases)('%s (commits: %s) ends with one payment', async (mode, commits, id) => {
    const { control } = bench.whmcs
    const { body: match } = await bench.create(await bench.line({ amount: 50, text: mode }), { [id]: 50 })
    control.addFaults({ mode, commits, action: 'AddInvoicePayment', count: 1, delayMs: 5, holdMs: 1 })
    await bench.pay()
    control.commitLate()
    await payAll()
    control.clearFaults()
    const booked = ours().filter(({ invoiceid }) => invoiceid === id)
    expect(booked).toMatchObject([{ kind: 'payment', amount: '50.00' }])
    expect((await bench.get(`/invoice-matches/${match.id}`)).status).toBe('applied')
    const sends = control.calls('AddInvoicePayment').filter(({ parameters }) => parameters.invoiceid === String(id))
    expect(sends.filter(({ outcome }) => outcome === 'success')).toHaveLength(1)
  })
})
