/** The time of day, so that tests can turn it. Leases and windows use the database's clock instead (reliability 45). */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that stands until a test turns it. */
export function testClock(start: string): Clock & { advance(ms: number): void; set(to: string): void } {
  let nowMs = Date.parse(start)
  return {
    now: () => new Date(nowMs),
    advance: (ms) => void (nowMs += ms),
    set: (to) => void (nowMs = Date.parse(to)),
  }
}

/** Planned waits divided by PAYYMO_TIME_SCALE, so that a suite lives through hours in minutes (contract 2). */
export type Scaled = (plannedMs: number) => number

/** `2025-04-10T14:30:00Z`: UTC, whole seconds, as the API writes times. */
export const isoSeconds = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`

/** `YYYY-MM-DD` moved by whole days, in plain calendar arithmetic. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
