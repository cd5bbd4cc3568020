import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../run.ts'
import { type Figure, type Measurement, percentile } from './figure.ts'
import { openClient, type Shot } from './load.ts'
import { NO_LIMITS } from './server.ts'

const PATH = '/event-types'
const PER_SECOND = 200
/** Short rounds, of which the one in the middle counts: a moment in which the machine had other things to do decides nothing. */
const ROUNDS = 15
const PAIRS = 300
const SECONDS = 2

/** P8: what key check, limits and the log of calls add to a request. One process serves the same route with and without them; the
 *  two are asked in turns, so that whatever else the machine does befalls both. */
export const gate: Measurement = {
  ids: ['P8'],
  floor: 'the same route in the same process without key check, limits and log of calls',
  run: async (folder): Promise<Figure[]> => {
    const child = spawn(process.execPath, [join(root, 'scripts/bench/gate-server.ts')], {
      cwd: root,
      env: {
        ...process.env,
        PAYYMO_DATA_DIR: folder,
        PORT: '0',
        PAYYMO_SANDBOX: 'off',
        PAYYMO_OPERATOR_KEY: randomBytes(24).toString('hex'),
        PAYYMO_RATE_LIMITS: NO_LIMITS,
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      const { guarded, open, key } = await said(child.stdout)
      const clients = [openClient(guarded, key, 16), openClient(open, key, 16)] as const
      const [withGate, without] = clients.map(
        ({ get }) =>
          () =>
            get(PATH),
      ) as [Shot, Shot]
      await inTurns(withGate, without, 500)
      const closed: Delays[] = []
      const arriving: Delays[] = []
      for (let round = 0; round < ROUNDS; round++) {
        closed.push(await inTurns(withGate, without, PAIRS))
        arriving.push(await arrivals(withGate, without))
      }
      await Promise.all(clients.map((client) => client.close()))
      return [...figures('one at a time', closed), ...figures(`at ${PER_SECOND}/s`, arriving)]
    } finally {
      child.kill('SIGTERM')
      await new Promise((resolve) => child.once('exit', resolve))
    }
  },
}

/** Delays in ms. */
type Delays = [withGate: number[], without: number[]]

function figures(how: string, rounds: Delays[]): Figure[] {
  const middle = (share: number, of: (delays: Delays, share: number) => number) =>
    percentile(
      rounds.map((delays) => of(delays, share)),
      0.5,
    )
  return [
    { share: 0.5, name: 'p50' },
    { share: 0.99, name: 'p99' },
  ].map(({ share, name }) => ({
    id: 'P8',
    what: `${how}: ${name} more than without`,
    measured: middle(share, ([withGate, without], at) => percentile(withGate, at) - percentile(without, at)),
    floor: middle(share, ([, without], at) => percentile(without, at)),
    goal: 1,
    unit: 'ms',
    better: 'lower',
  }))
}

async function timed(shoot: Shot, into: number[], sinceMs = performance.now()): Promise<void> {
  await shoot()
  into.push(performance.now() - sinceMs)
}

/** One request after the other, with and without, each first every other time. */
async function inTurns(withGate: Shot, without: Shot, pairs: number): Promise<Delays> {
  const delays: Delays = [[], []]
  for (let pair = 0; pair < pairs; pair++) {
    const turns = [() => timed(withGate, delays[0]), () => timed(without, delays[1])]
    for (const turn of pair % 2 === 0 ? turns : turns.reverse()) await turn()
  }
  return delays
}

/** Requests come at random moments, half of them with and half without, whether or not earlier ones were answered; delays count
 *  from the planned moment. */
async function arrivals(withGate: Shot, without: Shot): Promise<Delays> {
  const delays: Delays = [[], []]
  const running: Promise<void>[] = []
  const startedAt = performance.now()
  let dice = 42
  const random = () => (dice = (dice * 48_271) % 2_147_483_647) / 2_147_483_647
  for (let dueMs = 0, n = 0; dueMs < SECONDS * 1000; dueMs += (-Math.log(random()) / PER_SECOND) * 1000, n++) {
    const wait = startedAt + dueMs - performance.now()
    if (wait > 1) await sleep(wait)
    const [shoot, into] = n % 2 === 0 ? [withGate, delays[0]] : [without, delays[1]]
    running.push(timed(shoot, into, startedAt + dueMs))
  }
  await Promise.all(running)
  return delays
}

/** The first line that the process writes. */
async function said(output: NodeJS.ReadableStream): Promise<{ guarded: string; open: string; key: string }> {
  for await (const line of createInterface(output))
    return JSON.parse(line) as { guarded: string; open: string; key: string }
  throw new Error('the server ended before it listened')
}
