import type { Check } from './check-invariants.ts'
import type { SuiteServer } from './server.ts'
import { compareWithTruth } from './stripe-compare.ts'
import { noticed } from './stripe-noticed.ts'
import { readUp } from './stripe-read-up.ts'
import { setStripeStage } from './stripe-stage.ts'
import { withFaultsAndKills } from './stripe-ways-broken.ts'

const DAY_MS = 86_400_000
const DAYS = 90
/** What a new connection reads of the past is 30 days: the merchant connects just before those would be over. */
const PAST = 29

/** One way in which we may learn what happened. */
export interface Way {
  name: string
  charges: number
  play(server: SuiteServer, options: { name: string; charges: number }): Promise<Check[]>
}

export const WAYS: Way[] = [
  {
    name: 'polling alone',
    charges: 10_000,
    play: (server, options) => days(server, options, { kind: 'connect_oauth' }),
  },
  {
    name: 'every event twice and shuffled, and polling',
    charges: 10_000,
    play: (server, options) => days(server, options, { kind: 'connect_oauth', events: 'twice and shuffled' }),
  },
  { name: 'webhooks alone', charges: 2_000, play: eventsAlone },
  {
    name: 'a restricted key, polling',
    charges: 2_000,
    play: (server, options) => days(server, options, { kind: 'restricted_key' }),
  },
  { name: 'faults, and killed twice while the past is read', charges: 2_000, play: withFaultsAndKills },
]

/** The merchant connects on day 29, what was before is read; then day after day comes, with its lines on the bank. */
async function days(
  server: SuiteServer,
  { name, charges }: { name: string; charges: number },
  how: { kind: 'connect_oauth' | 'restricted_key'; events?: 'twice and shuffled' },
): Promise<Check[]> {
  const stage = await setStripeStage(server, {
    name,
    ledger: { charges, days: DAYS, daysAhead: DAYS - PAST },
    webhooks: how.events !== undefined,
  })
  try {
    stage.stripe.control.webhooks({ paused: true })
    await stage.connect(how.kind)
    await stage.settle()
    await stage.bank()
    for (let day = PAST; day < DAYS; day++) {
      await stage.turn(DAY_MS)
      await stage.bank()
      if (how.events) stage.stripe.control.flush({ copies: 2, shuffle: `${name} ${day}` })
      await stage.sync()
    }
    // Time stands still, and what is left is read.
    stage.stripe.control.setClock({ frozen: true })
    stage.stripe.control.flush({ copies: 2, shuffle: name })
    await readUp(stage)
    const checks = await compareWithTruth(stage)
    return how.kind === 'restricted_key' ? [...checks, ...(await noticed(stage))] : checks
  } finally {
    await stage.stop()
  }
}

/** The merchant connects before the first sale, and from then on nothing is asked for by itself: what is known is what events led to.
 *  What they cannot tell (fees and reserves that no payout lists) comes with the first reading after that. */
async function eventsAlone(
  server: SuiteServer,
  { name, charges }: { name: string; charges: number },
): Promise<Check[]> {
  const stage = await setStripeStage(server, {
    name,
    ledger: { charges, days: DAYS, daysAhead: DAYS },
    webhooks: true,
  })
  try {
    await stage.connect('connect_oauth')
    await stage.settle()
    await stage.pool.query('update stripe_connections set next_sync_at = null')
    const lastRead = async (): Promise<string> => {
      const { rows } = await stage.pool.query<{ at: string }>('select last_sync_at::text as at from stripe_connections')
      return rows[0]!.at
    }
    const before = await lastRead()
    for (let day = 0; day < DAYS; day++) {
      await stage.turn(DAY_MS)
      await stage.bank()
      await stage.settle()
    }
    stage.stripe.control.setClock({ frozen: true })
    await stage.settle()
    const checks = await compareWithTruth(stage, { eventsOnly: true })
    checks.push({
      name: 'nothing was read by itself',
      faults: (await lastRead()) === before ? [] : ['the account was read meanwhile'],
    })
    await readUp(stage)
    return [
      ...checks,
      ...(await compareWithTruth(stage)).map((check) => ({ ...check, name: `then read: ${check.name}` })),
    ]
  } finally {
    await stage.stop()
  }
}
