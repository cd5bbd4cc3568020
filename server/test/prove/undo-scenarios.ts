import { setTimeout as sleep } from 'node:timers/promises'
import { UNDO_CRASH_POINTS } from '../../src/billing/payments/index.ts'
import { idOf, uuidOf } from '../../src/base/ids.ts'
import type { FaultPlan } from '../../../sandbox/src/whmcs/index.ts'
import { callerOf, type Company } from './company.ts'
import { killWorkers, type Scenario, type Scene } from './scenarios.ts'

/** Payments are booked in peace, then part of the matches is reversed while everything goes wrong. What WHMCS holds must net to
 *  zero exactly once for each payment that was taken back. */

/** Of each company: so many matches are taken back. */
const REVERSED = 30
/** So many of their invoices were paid once more by another hand: what that made credit of is taken back too. */
const OVERPAID = 5
const BOOKED_MS_MAX = 180_000
/** The writes of a taking-back. */
const WRITES = ['AddTransaction', 'UpdateInvoice', 'AddCredit']

const undo = (
  scenario: Omit<Scenario, 'disturb' | 'after' | 'faults'> & {
    undoFaults?: (seed: number, timeScale: number) => FaultPlan
    meanwhile?: (scene: Scene) => Promise<void>
  },
): Scenario => {
  const { undoFaults, meanwhile, ...rest } = scenario
  return {
    ...rest,
    disturb: async (scene) => {
      await booked(scene)
      const asked = await Promise.all(
        scene.stage.companies.map(async (company, n) => {
          if (undoFaults) await company.simulator.setFaults(undoFaults(scene.seed * 10 + n, rest.timeScale))
          await reverseSome(scene, company)
        }),
      )
      if (asked.length > 0) await meanwhile?.(scene)
    },
    after: netsToZero,
  }
}

export const UNDO_SCENARIOS: Scenario[] = [
  undo({ name: 'taking back: nothing goes wrong, two workers', workers: 2, timeScale: 50 }),
  undo({ name: 'taking back: eight workers', workers: 8, timeScale: 25 }),
  ...UNDO_CRASH_POINTS.map((crashPoint) =>
    undo({ name: `killed ${crashPoint.replaceAll('_', ' ')}`, workers: 2, timeScale: 100, crashPoint }),
  ),
  undo({
    name: 'taking back: WHMCS commits 0 to 90 s late',
    workers: 2,
    timeScale: 50,
    undoFaults: (seed, timeScale) => ({
      seed,
      probability: 0.4,
      modes: ['commit_late'],
      actions: WRITES,
      delayMsMax: 90_000 / timeScale,
    }),
    quarantinesMax: 4,
  }),
  undo({
    name: 'taking back: answers lost before and after the commit',
    workers: 2,
    timeScale: 50,
    undoFaults: (seed) => ({
      seed,
      probability: 0.4,
      modes: ['drop_before', 'drop_after_commit', '500_after_commit', 'truncated_body'],
      actions: WRITES,
    }),
    quarantinesMax: 4,
  }),
  undo({
    name: 'taking back: everything at once, workers killed at random',
    workers: 2,
    timeScale: 100,
    undoFaults: (seed, timeScale) => ({ seed, probability: 0.15, delayMsMax: 60_000 / timeScale }),
    meanwhile: killWorkers,
    quarantinesMax: 4,
  }),
]

async function booked({ done }: Scene): Promise<void> {
  const endsAt = performance.now() + BOOKED_MS_MAX
  while (!(await done())) {
    if (performance.now() > endsAt) throw new Error('the payments to be taken back are not booked')
    await sleep(100)
  }
}

async function reverseSome({ stage }: Scene, company: Company): Promise<void> {
  const { rows } = await stage.payymo.database.pool.query<{ id: string; invoices: string[]; amounts: string[] }>(
    `select m.id, array_agg(i.external_id) as invoices, array_agg((p.amount_minor / 100.0)::numeric(12, 2)::text) as amounts
       from matches m join payments p on p.tenant_id = m.tenant_id and p.match_id = m.id join invoices i on i.tenant_id = p.tenant_id and i.id = p.invoice_id
      where m.tenant_id = $1 and m.status = 'applied' group by m.id order by count(*) desc, m.id`,
    [uuidOf(company.tenantId)],
  )
  // Those with several invoices first, then the rest from the end.
  const chosen = [...rows.slice(0, 5), ...rows.slice(5 - REVERSED)]
  await company.simulator.control('seed', {
    payments: chosen.slice(-OVERPAID).map(({ invoices, amounts }) => ({
      invoice: Number.parseInt(invoices[0]!, 10),
      amount: amounts[0],
      transid: `card-${invoices[0]}`,
    })),
  })
  const call = callerOf(stage.payymo, company.key)
  // A few at once, as people would.
  const hand = async () => {
    for (let next = chosen.shift(); next; next = chosen.shift())
      await call('PATCH', `/invoice-matches/${idOf('match', next.id)}`, { status: 'reversed' })
  }
  await Promise.all([hand(), hand(), hand(), hand()])
}

/** Once in and once out for each, no more of either; the invoice open where something is owed on it; of credit, what other money
 *  made of it went once. */
async function netsToZero({ stage }: Scene): Promise<string[]> {
  const { rows } = await stage.payymo.database.pool.query<{ undoes: string; transid: string; state: string }>(
    'select p.transid as undoes, u.transid, u.state from undos u join payments p on p.tenant_id = u.tenant_id and p.id = u.id',
  )
  const journals = stage.companies.flatMap(({ simulator }) => simulator.journal())
  const faults: string[] = []
  const wanted = stage.companies.length * REVERSED
  if (rows.length < wanted) faults.push(`${rows.length} takings back, ${wanted} matches`)
  for (const { undoes, transid, state } of rows) {
    const entries = journals.filter((entry) => entry.transid === undoes || entry.transid === transid)
    const text = entries.map((entry) => `${entry.kind} ${entry.amount}`).join(', ')
    const [paid, out, ...more] = entries
    const nets = paid?.kind === 'payment' && out?.kind === 'refund' && paid.amount === out.amount && more.length === 0
    if (state === 'done' && !nets) faults.push(`${undoes} taken back as ${transid}: ${text}`)
    if (entries.filter((entry) => entry.kind === 'refund').length > 1) faults.push(`${transid} went out twice: ${text}`)
  }
  for (const { simulator } of stage.companies) {
    const credits = simulator.journal().filter((entry) => entry.kind === 'credit')
    const given = credits.filter((entry) => entry.transid.startsWith('card-')).map((entry) => entry.amount)
    const taken = credits.filter((entry) => entry.cause === 'removed').map((entry) => entry.amount.replace('-', ''))
    if (given.toSorted().join() !== taken.toSorted().join() && rows.every(({ state }) => state === 'done'))
      faults.push(`credit given ${given.join()}, taken back ${taken.join()}`)
    const { invoices } = (await (await fetch(`http://${simulator.host}/__control/books`)).json()) as {
      invoices: { id: number; status: string; balance: string }[]
    }
    for (const { id, status, balance } of invoices) {
      const open = !balance.startsWith('-') && balance !== '0.00'
      if (open !== (status === 'Unpaid') && rows.every(({ state }) => state === 'done'))
        faults.push(`invoice ${id} is ${status} with a balance of ${balance}`)
    }
  }
  return faults
}
