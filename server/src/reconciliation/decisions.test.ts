import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../test/setup/app.ts'
import {
  createReconciliationBench,
  type ReconciliationBench,
  TODAY,
} from '../../test/setup/factories-reconciliation.ts'
import { testClock } from '../base/clock.ts'
import type { Id } from '../base/ids.ts'

const clock = testClock(`${TODAY}T12:00:00Z`)
let app: TestApp

beforeAll(async () => {
  app = await createTestApp({ clock })
})
afterAll(() => app.stop())

/** Four lines and four invoices of two clients, with amounts that invite mistakes. */
const INVOICES = [
  { id: 1, client: 1, total: '50.00' },
  { id: 2, client: 1, total: '50.00' },
  { id: 3, client: 2, total: '30.00' },
  { id: 4, client: 2, total: '20.00' },
]
const LINES = [
  { amount: 50, text: 'Invoice INV-1', name: 'Marlow Hosting' },
  { amount: 50, text: 'Invoice INV-1', name: 'Marlow Hosting' },
  { amount: 50, text: 'Keller Media INV-3 INV-4', name: 'Keller Media' },
  { amount: 30, text: 'Keller', name: 'Keller Media' },
]

type Step =
  | { do: 'run' | 'pay' | 'mirror' }
  | { do: 'approve' | 'reject' | 'reverse'; pick: number }
  | { do: 'create'; line: number; invoice: number; amountMinor: number; apply: boolean }
  | { do: 'byHand'; invoice: number }
  | { do: 'close'; invoice: number; open: boolean }

const small = (max: number) => fc.integer({ min: 0, max })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('run' as const, 'pay' as const, 'mirror' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('approve' as const, 'reject' as const), pick: small(5) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reverse' as const), pick: small(5) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      line: small(3),
      invoice: small(3),
      amountMinor: fc.constantFrom(1000, 2000, 3000, 5000),
      apply: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('byHand' as const), invoice: small(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('close' as const), invoice: small(3), open: fc.boolean() }),
  },
)

async function take(bench: ReconciliationBench, lines: Id<'txn'>[], wanted: Step): Promise<void> {
  const plant = (invoice: number, more: object) =>
    bench.whmcs.control.seed({
      invoices: [{ ...INVOICES[invoice]!, number: `INV-${invoice + 1}`, date: '2025-04-01', ...more }],
    })
  switch (wanted.do) {
    case 'run':
      return void (await bench.run())
    case 'pay':
      return bench.pay()
    case 'mirror':
      return bench.mirror()
    case 'approve':
    case 'reject':
    case 'reverse': {
      const all = (await bench.get('/invoice-matches?per_page=100')).data
      if (all.length > 0) await bench[wanted.do](all[wanted.pick % all.length].id)
      return
    }
    case 'create':
      await bench.create(
        lines[wanted.line]!,
        { [`INV-${wanted.invoice + 1}`]: `${wanted.amountMinor / 100}.00` },
        { apply: wanted.apply },
      )
      return
    case 'byHand': {
      const { id, total } = INVOICES[wanted.invoice]!
      bench.whmcs.control.seed({ payments: [{ invoice: id, amount: total, transid: `cash ${id}`, date: TODAY }] })
      return
    }
    case 'close':
      plant(wanted.invoice, { status: wanted.open ? 'Unpaid' : 'Cancelled' })
  }
}

/** What must hold whatever anybody did; each query returns the rows that break it. */
const UNSEEN = 'payments that the mirror has not seen are no more than what is open'
const RULES = {
  'live payments of a line are no more than its amount': `
    select t.id from transactions t join payments p on p.tenant_id = t.tenant_id and p.transaction_id = t.id
     where t.tenant_id = $1 and p.state not in ('refused', 'reversed') group by t.id, t.amount_minor having sum(p.amount_minor) > t.amount_minor`,
  [UNSEEN]: `
    select i.id from invoices i join payments p on p.tenant_id = i.tenant_id and p.invoice_id = i.id
     where i.tenant_id = $1 and p.state in ('pending', 'sending', 'unknown') and i.status = 'unpaid'
     group by i.id, i.balance_minor having sum(p.amount_minor) > i.balance_minor`,
  'payments of ours on an invoice are no more than its total': `
    select i.id from invoices i join payments p on p.tenant_id = i.tenant_id and p.invoice_id = i.id
     where i.tenant_id = $1 and p.state not in ('refused', 'reversed') group by i.id, i.total_minor having sum(p.amount_minor) > i.total_minor`,
  'a line is decided once': `
    select transaction_id from matches where tenant_id = $1 and status in ('approved', 'applied', 'failed')
     group by transaction_id having count(*) > 1`,
  'a line has one open suggestion at most, and none once decided': `
    select m.transaction_id from matches m join transactions t on t.tenant_id = m.tenant_id and t.id = m.transaction_id
     where m.tenant_id = $1 and m.status = 'suggested' group by m.transaction_id, t.match_status
    having count(*) > 1 or t.match_status <> 'suggested'`,
  'the line says what its matches say': `
    select t.id, t.match_status from transactions t where t.tenant_id = $1 and t.match_status <> coalesce(
      (select case m.status when 'applied' then 'applied' when 'suggested' then 'suggested' else 'matched' end from matches m
        where m.tenant_id = $1 and m.transaction_id = t.id and m.status in ('approved', 'applied', 'failed', 'suggested')), 'unmatched')`,
  'only decided matches hold live payments': `
    select m.id from matches m join payments p on p.tenant_id = m.tenant_id and p.match_id = m.id
     where m.tenant_id = $1 and p.state not in ('refused', 'reversed') and m.status not in ('approved', 'applied', 'failed')`,
  'a match pays what it allocates': `
    select m.id from matches m join match_allocations l on l.tenant_id = m.tenant_id and l.match_id = m.id
     where m.tenant_id = $1 and m.status = 'applied' and not exists (select 1 from payments p where p.tenant_id = $1 and p.match_id = m.id
       and p.invoice_id = l.invoice_id and p.amount_minor = l.amount_minor and (p.state = 'applied' or (p.state = 'reversed' and m.reversal_state is not null)))`,
  'a reversed match holds nothing any more': `
    select m.id from matches m join payments p on p.tenant_id = m.tenant_id and p.match_id = m.id
     where m.tenant_id = $1 and m.status = 'reversed' and p.state <> 'reversed'`,
  'what is taken back was applied, and counts as reversed exactly then': `
    select u.id from undos u join payments p on p.tenant_id = u.tenant_id and p.id = u.id
     where u.tenant_id = $1 and (u.state = 'done') <> (p.state = 'reversed')`,
}

it('whatever people, runs and WHMCS do, in any order: no money twice, no line decided twice', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const bench = await createReconciliationBench(app, clock, {
        seed: {
          clients: [
            { id: 1, name: 'Ada Marlow', companyname: 'Marlow Hosting', currency: 'EUR' },
            { id: 2, name: 'Bruno Keller', companyname: 'Keller Media', currency: 'EUR' },
          ],
          invoices: INVOICES.map((row) => ({ ...row, number: `INV-${row.id}`, date: '2025-04-01', due: '2025-04-15' })),
        },
      })
      try {
        const lines: Id<'txn'>[] = []
        for (const line of LINES) lines.push(await bench.line(line))
        // Somebody at the desk may take an invoice away from under a payment that is asked for already: billing then refuses it.
        let undisturbed = true
        for (const wanted of steps) {
          if (wanted.do === 'byHand' || wanted.do === 'close') undisturbed = false
          await take(bench, lines, wanted)
          const broken = await app.store.read(bench.tenant.id, async (tx) => {
            const found: string[] = []
            for (const [rule, sql] of Object.entries(RULES))
              if ((undisturbed || rule !== UNSEEN) && (await tx.many(sql, [tx.tenantUuid])).length > 0) found.push(rule)
            return found
          })
          expect(broken).toEqual([])
        }
        // Everything that was asked for happens; then WHMCS holds what Payymo says it holds, once, and gave back what it says.
        await bench.pay()
        const booked = (kind: string) =>
          bench.whmcs.control
            .journal()
            .filter((entry) => entry.kind === kind && entry.transid.startsWith('PYM-'))
            .map((entry) => entry.transid)
            .sort()
        const said = async (sql: string) =>
          (await app.store.read(bench.tenant.id, (tx) => tx.many<{ transid: string }>(sql, [tx.tenantUuid])))
            .map((row) => row.transid)
            .sort()
        expect(booked('payment')).toEqual(
          await said(`select transid from payments where tenant_id = $1 and state in ('applied', 'reversed')`),
        )
        expect(booked('refund')).toEqual(
          await said('select transid from undos where tenant_id = $1 and taken_at is not null'),
        )
      } finally {
        await bench.stop()
      }
    }),
    { numRuns: 25 },
  )
})
