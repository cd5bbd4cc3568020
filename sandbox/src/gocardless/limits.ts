import { Refusal } from './refusals.ts'
import type { World } from './state.ts'

/** General limits per company (reference 1.11). */
export const BUCKETS = {
  accounts: [100, 60],
  institutions: [300, 60],
  agreements_read: [300, 60],
  requisitions_read: [300, 60],
  agreements_create: [100, 60],
  requisitions_create: [100, 60],
  accept: [100, 60],
  delete: [100, 60],
  token_new: [100, 3600],
  token_refresh: [100, 60],
} as const satisfies Record<string, readonly [number, number]>

export type Bucket = keyof typeof BUCKETS

export interface Budget {
  limit: number
  remaining: number
  resetSeconds: number
}

/** Counts a call; 429 when the window is full. */
export function spend(world: World, company: string, bucket: Bucket): Budget {
  const [limit, seconds] = BUCKETS[bucket]
  const nowMs = world.nowMs()
  const key = `${company} ${bucket}`
  const recent = (world.windows.get(key) ?? []).filter((at) => at > nowMs - seconds * 1000)
  world.windows.set(key, recent)
  const full = recent.length >= limit
  if (!full) recent.push(nowMs)
  const resetSeconds = Math.ceil(((recent[0] ?? nowMs) + seconds * 1000 - nowMs) / 1000)
  const budget = { limit, remaining: limit - recent.length, resetSeconds }
  if (full && world.kept.switches.generalLimits)
    throw limitExceeded(`${limit}/${seconds === 60 ? 'min' : 'hour'}`, resetSeconds)
  return { ...budget, remaining: Math.max(0, budget.remaining) }
}

export const limitExceeded = (rate: string, seconds: number): Refusal =>
  new Refusal(429, {
    summary: 'Rate limit exceeded',
    detail: `The rate limit for this resource is ${rate}. Please try again in ${seconds} seconds`,
    status_code: 429,
  })

/** The headers in the spellings that are switched on. `RESET` is seconds left, not a time. */
export function rateHeaders(world: World, group: '' | 'ACCOUNT_SUCCESS_', budget: Budget): Record<string, string> {
  const mode = world.kept.switches.rateHeaders
  const values = { LIMIT: budget.limit, REMAINING: budget.remaining, RESET: budget.resetSeconds }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(values)) {
    const full = `X_RATELIMIT_${group}${name}`
    if (mode === 'underscore' || mode === 'both') headers[`HTTP_${full}`] = String(value)
    if (mode === 'dashed' || mode === 'both') headers[full.toLowerCase().replaceAll('_', '-')] = String(value)
  }
  return headers
}
