/** Where a process may be made to die, in the order of the steps (reliability J). */
export const CRASH_POINTS = [
  'after_intent',
  'after_lease',
  'after_lookup',
  'before_send',
  'mid_send',
  'after_send',
  'after_result',
  'after_readback',
] as const

/** The same for taking a payment back, whose every write is a step of its own. */
export const UNDO_CRASH_POINTS = [
  'undo_after_intent',
  'undo_after_lease',
  'undo_after_lookup',
  'undo_before_send',
  'undo_mid_send',
  'undo_after_send',
  'undo_after_result',
  'undo_after_end',
] as const

export type CrashPoint = (typeof CRASH_POINTS)[number] | (typeof UNDO_CRASH_POINTS)[number]

export interface CrashPoints {
  /** Kills this process with SIGKILL when it was asked to die here; does nothing otherwise. */
  at(point: CrashPoint): void
  /** As `at`, while `work` is under way: a moment after it began, and before its end is looked at. */
  during(point: CrashPoint, work: Promise<unknown>): Promise<void>
}

const nowhere: CrashPoints = { at: () => {}, during: async () => {} }

/** How long a request gets to reach the wire before `during` strikes. */
const ON_THE_WIRE_MS = 4

/** Reads `point` or `point:3`, the third time it is reached. Nothing named, as in every process but those of the fault suite:
 *  no point does anything. */
export function crashPoints(named: string | undefined): CrashPoints {
  if (named === undefined) return nowhere
  const [name, count = '1'] = named.split(':')
  let left = Number.parseInt(count, 10)
  const reached = (point: CrashPoint): boolean => point === name && (left -= 1) <= 0
  return {
    at: (point) => {
      if (reached(point)) die(point)
    },
    during: async (point, work) => {
      if (!reached(point)) return
      const moment = new Promise<void>((resolve) => setTimeout(resolve, ON_THE_WIRE_MS))
      await Promise.race([work, moment])
      die(point)
    },
  }
}

function die(point: CrashPoint): void {
  // Said synchronously: nothing buffered outlives the signal.
  process.stderr.write(`${JSON.stringify({ level: 'warn', message: 'crash point', crash_point: point })}\n`)
  process.kill(process.pid, 'SIGKILL')
}
