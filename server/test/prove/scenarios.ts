import { setTimeout as sleep } from 'node:timers/promises'
import { CRASH_POINTS, type UNDO_CRASH_POINTS } from '../../src/billing/payments/index.ts'
import type { FaultPlan } from '../../../sandbox/src/whmcs/index.ts'
import type { Size, Stage } from './company.ts'
import { NO_CREDIT, ONE_TO_ONE } from './check-invariants.ts'
import type { Crew } from './crew.ts'
import type { Dice } from './dice.ts'
import type { SuiteServer } from './server.ts'

/** What a scenario may lay hands on while the workers work. */
export interface Scene {
  stage: Stage
  crew: Crew
  server: SuiteServer
  chance: Dice
  seed: number
  /** Whether every payment has ended, been read back, and all news is delivered. */
  done(): Promise<boolean>
}

export interface Scenario {
  name: string
  workers: number
  /** Two companies of a hundred payments each when nothing is said. */
  size?: Size
  /** How long it may take; 240 s. */
  msMax?: number
  /** How much faster than planned. The slower, the more a busy machine is forgiven. */
  timeScale: number
  /** How WHMCS misbehaves, from the first call on. */
  faults?: (seed: number, timeScale: number) => FaultPlan
  /** Processes die here, this often, before they are allowed to live. */
  crashPoint?: (typeof CRASH_POINTS)[number] | (typeof UNDO_CRASH_POINTS)[number]
  /** What is done to the processes meanwhile. */
  disturb?: (scene: Scene) => Promise<void>
  /** Whether a payment may end in front of a person: only where sends go wrong without end. */
  quarantinesMax?: number
  sqlStates?: readonly string[]
  /** Looked at when all is quiet, beside the invariants. Returns what is wrong. */
  after?: (scene: Scene) => Promise<string[]>
  /** Invariants that the scenario breaks on purpose, by another hand than ours. */
  broken?: readonly string[]
}

/** How often each crash point kills. */
export const CRASHES = 4

/** Codes of a server that went down and came up. */
const SERVER_WENT = ['57P01', '57P02', '57P03', '08006', '08003', '08000', '08001', 'EPIPE']

const mixed =
  (probability: number) =>
  (seed: number, timeScale: number): FaultPlan => ({
    seed,
    probability,
    delayMsMax: 60_000 / timeScale,
  })

export const SCENARIOS: Scenario[] = [
  { name: 'nothing goes wrong', workers: 1, timeScale: 50, after: oneSendEach },
  { name: 'two workers', workers: 2, timeScale: 50, after: oneSendEach },
  { name: 'eight workers', workers: 8, timeScale: 25, after: oneSendEach },
  ...CRASH_POINTS.map(
    (crashPoint): Scenario => ({
      name: `killed ${crashPoint.replaceAll('_', ' ')}`,
      workers: 2,
      timeScale: 100,
      crashPoint,
      faults: (seed) => ({ seed, probability: 0.2, modes: ['slow', 'slow_body'], delayMsMax: 100 }),
    }),
  ),
  {
    name: 'WHMCS commits 0 to 90 s late',
    workers: 2,
    timeScale: 50,
    faults: (seed, timeScale) => ({
      seed,
      probability: 0.4,
      modes: ['commit_late'],
      actions: ['AddInvoicePayment'],
      delayMsMax: 90_000 / timeScale,
    }),
    quarantinesMax: 4,
  },
  {
    name: 'answers lost before and after the commit',
    workers: 2,
    timeScale: 50,
    faults: (seed) => ({
      seed,
      probability: 0.4,
      modes: ['drop_before', 'drop_after_commit', '500_after_commit', 'truncated_body'],
      actions: ['AddInvoicePayment'],
    }),
    quarantinesMax: 4,
  },
  {
    name: 'pages of HTML, firewalls, maintenance, on every call',
    workers: 2,
    timeScale: 50,
    faults: (seed) => ({
      seed,
      probability: 0.3,
      modes: [
        '502_html',
        'html_error_page',
        'html_403',
        '429_html',
        'empty_body',
        'redirect',
        'maintenance',
        'bom',
        'php_warning_before_json',
      ],
    }),
    quarantinesMax: 4,
  },
  { name: 'everything at once', workers: 2, timeScale: 50, faults: mixed(0.3), quarantinesMax: 4 },
  {
    name: 'everything at once, eight workers',
    workers: 8,
    timeScale: 25,
    faults: mixed(0.2),
    quarantinesMax: 4,
  },
  {
    name: 'workers killed at random',
    workers: 2,
    timeScale: 100,
    faults: mixed(0.1),
    disturb: killWorkers,
    quarantinesMax: 4,
  },
  {
    name: 'workers frozen beyond their lease',
    workers: 2,
    timeScale: 100,
    disturb: freezeWorkers,
    // A frozen worker keeps what it had locked.
    sqlStates: ['55P03'],
  },
  {
    name: 'the database killed and started again',
    workers: 2,
    timeScale: 100,
    disturb: killDatabase,
    sqlStates: SERVER_WENT,
  },
  { name: 'WHMCS killed and started again', workers: 2, timeScale: 100, disturb: killWhmcs, quarantinesMax: 4 },
  {
    // The promise in figures. Four companies: at each installation only two payments are under way at a time.
    name: 'two thousand payments, late, lost and answered wrongly, a worker killed now and then',
    workers: 2,
    size: { companies: 4, paymentsEach: 500 },
    msMax: 600_000,
    timeScale: 50,
    faults: (seed, timeScale) => ({
      seed,
      probability: 0.4,
      modes: ['commit_late', 'drop_before', 'drop_after_commit', '500_after_commit'],
      actions: ['AddInvoicePayment'],
      delayMsMax: 90_000 / timeScale,
    }),
    disturb: killNowAndThen,
    // One in a thousand.
    quarantinesMax: 2,
  },
  {
    name: 'a payment booked twice by another hand',
    workers: 1,
    timeScale: 100,
    after: findTwin,
    broken: [ONE_TO_ONE, NO_CREDIT],
  },
]

/** Where nothing goes wrong, nothing is sent twice. */
async function oneSendEach({ stage }: Scene): Promise<string[]> {
  const counts = await Promise.all(stage.companies.map(({ simulator }) => simulator.counts()))
  const sends = counts.reduce((sum, count) => sum + (count.addinvoicepayment?.calls ?? 0), 0)
  return sends === stage.payments ? [] : [`${sends} sends for ${stage.payments} payments`]
}

export async function killWorkers({ crew, chance, done }: Scene): Promise<void> {
  for (let n = 0; n < 10 && !(await done()); n++) {
    await sleep(chance.between(200, 1_200))
    crew.kill(chance.between(0, 1))
  }
}

/** Slowly enough that the other keeps working and the new one gets to work, as long as there is any. */
async function killNowAndThen({ crew, chance, done }: Scene): Promise<void> {
  for (let n = 0; n < 20 && !(await done()); n++) {
    await sleep(chance.between(4_000, 10_000))
    crew.kill(chance.between(0, 1))
  }
}

/** Longer than a lease: another takes over, then the frozen one wakes up in the middle of what it was doing. */
async function freezeWorkers({ crew, chance, done }: Scene): Promise<void> {
  for (let n = 0; n < 4 && !(await done()); n++) {
    await sleep(chance.between(100, 600))
    const index = chance.between(0, 1)
    crew.freeze(index)
    await sleep(180_000 / 100 + 500)
    crew.thaw(index)
  }
}

async function killDatabase({ server, chance, done, stage }: Scene): Promise<void> {
  for (let n = 0; n < 3; n++) {
    await sleep(chance.between(400, 1_500))
    await server.killAndRestart()
  }
  // Our own connections went with it.
  await stage.payymo.database.pool.query('select 1').catch(() => {})
  await done().catch(() => {})
}

async function killWhmcs({ stage, chance }: Scene): Promise<void> {
  for (let n = 0; n < 4; n++) {
    await sleep(chance.between(300, 1_000))
    await stage.companies[n % 2]!.simulator.killAndRestart()
  }
}

/** The nightly comparison notices what somebody else did: within a minute, planned. */
async function findTwin({ stage, done }: Scene): Promise<string[]> {
  const { pool } = stage.payymo.database
  const { simulator } = stage.companies[0]!
  const entry = simulator.journal().find(({ kind }) => kind === 'payment')!
  await simulator.control('seed', {
    payments: [{ invoice: entry.invoiceid, amount: entry.amount, transid: entry.transid }],
  })
  // A day goes by.
  await pool.query(`update payments set checked_at = checked_at - interval '1 day'`)
  const endsAt = performance.now() + 60_000 / 100 + 3_000
  while (performance.now() < endsAt) {
    const { rows } = await pool.query<{ text: string }>(
      `select a.message as text from alerts a where a.code = 'ledger_difference' and a.closed_at is null`,
    )
    if (rows.length > 0)
      return rows.length === 1 && rows[0]!.text.includes(entry.transid) ? [] : rows.map((row) => row.text)
    await sleep(50)
  }
  await done()
  return ['the twin was not noticed']
}
