import type { Heard, House } from './limits-house.ts'

/** Equal calls to all processes at once, and what must come of them. */
export interface Race {
  calls: number
  path: string
  /** Undefined: without a credential, where every answer is an error and carries no headers of a limit. */
  key: string | undefined
  /** How many are admitted, and with which status these answer. */
  admitted: number
  status: number
  /** The limit that the headers name, and how a refusal begins. */
  limit: number
  sentence: string
}

const WINDOW_SECONDS = 60

/** Runs the race and returns everything that is not as it must be. */
export async function race(house: House, wanted: Race): Promise<string[]> {
  const { calls, path, key } = wanted
  const answers = await Promise.all(
    Array.from({ length: calls }, (_, index) => house.call(index % house.processes, { method: 'GET', path, key })),
  )
  const admitted = answers.filter(({ status }) => status === wanted.status)
  const refused = answers.filter(({ status }) => status === 429)
  const faults = [
    ...differs('calls admitted', admitted.length, wanted.admitted),
    ...differs('calls refused', refused.length, calls - wanted.admitted),
    ...refused.flatMap((answer) => refusalFaults(answer, wanted)),
  ]
  if (key !== undefined) {
    faults.push(...answers.flatMap((answer) => headerFaults(answer, wanted)))
    // Every admitted call was counted for itself: no two of them saw the same number of calls left.
    const left = new Set(admitted.map(({ headers }) => headers['x-ratelimit-remaining']))
    faults.push(...differs('different numbers of calls left', left.size, wanted.admitted))
  }
  return [...new Set(faults)].slice(0, 5)
}

function refusalFaults({ headers, body }: Heard, { sentence, key }: Race): string[] {
  const retryAfter = Number(headers['retry-after'])
  const message = body.error?.message ?? ''
  return [
    ...(Number.isInteger(retryAfter) && retryAfter >= 1 && retryAfter <= WINDOW_SECONDS
      ? []
      : [`Retry-After is ${String(headers['retry-after'])}`]),
    ...(body.error?.code === 'rate_limit_exceeded' && message.startsWith(`${sentence} try again in `)
      ? []
      : [`a refusal says "${message}"`]),
    ...(key === undefined || headers['x-ratelimit-remaining'] === '0' ? [] : ['a refusal says that calls are left']),
  ]
}

function headerFaults({ headers }: Heard, { limit }: Race): string[] {
  const reset = Number(headers['x-ratelimit-reset']) - Date.now() / 1000
  return [
    ...differs('X-RateLimit-Limit', Number(headers['x-ratelimit-limit']), limit),
    ...(reset > -5 && reset <= WINDOW_SECONDS + 5 ? [] : [`X-RateLimit-Reset is ${Math.round(reset)} s away`]),
  ]
}

const differs = (what: string, found: number, wanted: number): string[] =>
  found === wanted ? [] : [`${what}: ${found} instead of ${wanted}`]
