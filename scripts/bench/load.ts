import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { percentile } from './figure.ts'

/** One request of a load; resolves when its answer was read in full. Throws on anything but success. */
export type Shot = () => Promise<void>

/** A keep-alive client of few connections that only asks and reads. */
export function openClient(origin: string, key: string, connections: number) {
  const pool = new Pool(origin, { connections, pipelining: 1 })
  const headers = { authorization: `Bearer ${key}` }
  return {
    get: async (path: string): Promise<void> => {
      const { statusCode, body } = await pool.request({ method: 'GET', path: `/api/v1${path}`, headers })
      const text = await body.text()
      if (statusCode !== 200) throw new Error(`GET ${path}: ${statusCode} ${text.slice(0, 300)}`)
    },
    close: () => pool.close(),
  }
}

/** As many as go, from `workers` who each wait for their answer: per second. */
export async function throughput(shoot: Shot, workers: number, seconds: number): Promise<number> {
  const startedAt = performance.now()
  const end = startedAt + seconds * 1000
  let done = 0
  const work = async () => {
    while (performance.now() < end) {
      await shoot()
      done++
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  return (done * 1000) / (performance.now() - startedAt)
}

/** As `throughput`, of two in turns of a second each: what else the machine does meanwhile befalls both. The medians of the turns. */
export async function throughputs(one: Shot, other: Shot, workers: number, turns: number): Promise<[number, number]> {
  const rates: [number[], number[]] = [[], []]
  for (let turn = 0; turn < turns; turn++) {
    rates[0].push(await throughput(one, workers, 1))
    rates[1].push(await throughput(other, workers, 1))
  }
  return [percentile(rates[0], 0.5), percentile(rates[1], 0.5)]
}

/** Requests arrive at random moments, whether or not earlier ones were answered. The delay counts from the planned moment, so
 *  that a stall counts for all who would have come meanwhile. Returns the p99 in ms. */
export async function openArrivals(shoot: Shot, perSecond: number, seconds: number): Promise<number> {
  const delays: number[] = []
  const running: Promise<void>[] = []
  let dice = 42
  const random = () => (dice = (dice * 48_271) % 2_147_483_647) / 2_147_483_647
  const startedAt = performance.now()
  for (let dueMs = 0; dueMs < seconds * 1000; dueMs += (-Math.log(random()) / perSecond) * 1000) {
    const wait = startedAt + dueMs - performance.now()
    if (wait > 1) await sleep(wait)
    const planned = startedAt + dueMs
    running.push(shoot().then(() => void delays.push(performance.now() - planned)))
  }
  await Promise.all(running)
  return percentile(delays, 0.99)
}
