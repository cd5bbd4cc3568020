import { setTimeout as sleep } from 'node:timers/promises'
import type { Check } from './check-invariants.ts'
import { type Crew, startCrew } from './crew.ts'
import type { SuiteServer } from './server.ts'
import { compareWithTruth } from './stripe-compare.ts'
import { readUp } from './stripe-read-up.ts'
import { setStripeStage, type StripeStage } from './stripe-stage.ts'

/** An hour between two readings is twenty seconds. */
const TIME_SCALE = 180
const MS_MAX = 240_000
/** Of the ledger, when the worker is killed. */
const KILLED_AT = [0.25, 0.6]
const DAYS = 28

/** A worker process reads the past of 28 days at once, from a Stripe that limits, fails, cuts and dawdles, and is killed twice on the
 *  way. */
export async function withFaultsAndKills(
  server: SuiteServer,
  { name, charges }: { name: string; charges: number },
): Promise<Check[]> {
  const stage = await setStripeStage(server, {
    name,
    ledger: { charges, days: DAYS },
    work: 'elsewhere',
    timeScale: TIME_SCALE,
  })
  let crew: Crew | undefined
  let asking: NodeJS.Timeout | undefined
  try {
    stage.stripe.control.setClock({ frozen: true })
    await stage.bank()
    addFaults(stage)
    crew = await startCrew({ size: 1, environment: stage.environment, folder: server.folder })
    await stage.connect('connect_oauth')
    // After a fault it would be read again in a minute.
    asking = setInterval(() => void askAgain(stage).catch(() => {}), 1_000)
    const kills = await killTwice(stage, crew)
    await until('every fault is met and a reading ends well', async () => {
      const { rows } = await stage.pool.query<{ well: boolean }>(
        "select status = 'active' and last_sync_at is not null and backfilled_at is not null as well from stripe_connections",
      )
      return rows[0]!.well && stage.stripe.control.faults().length === 0
    })
    clearInterval(asking)
    await stage.settle()
    await readUp(stage)
    return [
      { name: 'it was killed twice in the middle', faults: kills },
      { name: 'workers die only where they are asked to', faults: crew.faults },
      ...(await compareWithTruth(stage)),
    ]
  } catch (error) {
    console.log(crew?.log.slice(-12).join('\n').slice(0, 4_000))
    throw error
  } finally {
    clearInterval(asking)
    await crew?.stop()
    await stage.stop()
  }
}

function addFaults({ stripe: { control } }: StripeStage): void {
  const ledger = 'balance_transactions'
  control.addFault({ kind: 'rate_limited', reason: 'global-rate', endpoint: ledger, skip: 3 })
  control.addFault({ kind: 'error_500', endpoint: ledger, skip: 6 })
  control.addFault({ kind: 'reset', endpoint: ledger, skip: 9 })
  control.addFault({ kind: 'bare_502', endpoint: ledger, skip: 12 })
  control.addFault({ kind: 'slow', endpoint: ledger, delayMs: 1_500, skip: 4, times: 10 })
  control.addFault({ kind: 'cut_body', endpoint: ledger, skip: 15 })
  control.addFault({ kind: 'reset_after', endpoint: 'charges', skip: 1 })
  control.addFault({ kind: 'html', endpoint: 'payouts', skip: 1 })
  control.addFault({ kind: 'lock_timeout', endpoint: 'payouts' })
  control.addFault({ kind: 'error_503', endpoint: 'charges' })
}

/** In the middle of the first reading, whatever it is doing then. Returns what was not as it should be. */
async function killTwice(stage: StripeStage, crew: Crew): Promise<string[]> {
  const faults: string[] = []
  const all = stage.desk.book.transactions.rows.length
  for (const share of KILLED_AT) {
    const known = async (): Promise<number> => {
      const { rows } = await stage.pool.query<{ count: string }>('select count(*) from stripe_ledger')
      return Number(rows[0]!.count)
    }
    await until(`${share} of the ledger is read`, async () => (await known()) >= share * all, 5)
    crew.kill(0)
    const left = await known()
    if (left >= all) faults.push(`all was read before it was killed at ${share}`)
    await letGo(stage)
  }
  return faults
}

/** What a dead worker holds is let go after a quarter of an hour, by the connection and by the queue. That is not waited for. */
async function letGo(stage: StripeStage): Promise<void> {
  const { pool } = stage
  await sleep(500)
  await pool.query('update stripe_connections set sync_until = now()')
  await pool.query("update pgboss.job set state = 'failed', completed_on = now() where state = 'active'")
}

async function askAgain({ call }: StripeStage): Promise<void> {
  const { data } = (await call('GET', '/stripe-connections')) as { data: { id: string }[] }
  await call('POST', `/stripe-connections/${data[0]!.id}/sync`)
}

async function until(what: string, done: () => Promise<boolean>, everyMs = 100): Promise<void> {
  const endsAt = performance.now() + MS_MAX
  while (!(await done())) {
    if (performance.now() > endsAt) throw new Error(`not within ${MS_MAX / 1_000} s: ${what}`)
    await sleep(everyMs)
  }
}
