/** `ok`: as it should be. `warning`: works, and somebody should look. `problem`: does not work, or not safely. `skipped`: not
 *  looked at, and `found` says why. */
export type State = 'ok' | 'warning' | 'problem' | 'skipped'

/** What may stand in a report that leaves the house: named here or dropped, as in base/log.ts. Counts, durations, versions,
 *  codes, ids, and names that this program gave to its own things; never addresses, names of people or tenants, amounts. */
export const FACTS = [
  'adopted',
  'age_seconds',
  'alerts',
  'applied',
  'architecture',
  'autovacuum',
  'code',
  'connections',
  'connections_max',
  'cpus',
  'dead_rows',
  'due',
  'embedded',
  'environment',
  'failed',
  'faults',
  'free_mb',
  'from_environment',
  'from_env_file',
  'institutions',
  'key_ids',
  'latency_ms',
  'live_rows',
  'memory_mb',
  'migration',
  'missing',
  'mode',
  'node',
  'overdue_seconds',
  'platform',
  'queues',
  'roles',
  'settings',
  'signed_in',
  'size_mb',
  'skew_ms',
  'stage',
  'status',
  'steps',
  'tables',
  'tls',
  'unneeded',
  'version',
  'waiting',
] as const

export type Facts = Partial<Record<(typeof FACTS)[number], string | number | boolean | readonly string[]>>

/** What one check found. */
export interface Finding {
  /** Group and name, stable, for machines: `database.roles`. */
  check: string
  state: State
  /** One sentence for whoever runs this installation. */
  found: string
  /** What to do next, where there is something to do; may have several lines (SQL). */
  next: string | null
  facts: Facts
}

/** The findings of one check, ready to be named. */
export const about = (check: string) => ({
  ok: (found: string, facts: Facts = {}): Finding => ({ check, state: 'ok', found, next: null, facts }),
  warning: (found: string, next: string, facts: Facts = {}): Finding => ({
    check,
    state: 'warning',
    found,
    next,
    facts,
  }),
  problem: (found: string, next: string, facts: Facts = {}): Finding => ({
    check,
    state: 'problem',
    found,
    next,
    facts,
  }),
  skipped: (found: string, facts: Facts = {}): Finding => ({ check, state: 'skipped', found, next: null, facts }),
})

/** The system's, PostgreSQL's or our own word for an error, for a report: never its message, which may quote values. */
export function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const { code } = at as { code?: unknown }
    if (typeof code === 'string' && /^\w{1,64}$/.test(code)) return code
  }
  return error instanceof Error ? error.name : typeof error
}

/** The first line of what an error says, for the terminal of whoever runs this installation. */
export const wordsOf = (error: unknown): string =>
  ((error instanceof Error ? error.message : String(error)).split('\n')[0] || codeOf(error)).slice(0, 200)

/** Our own errors say in their first sentence what is wrong, and then what to do. */
export function sentencesOf(message: string): { found: string; next: string | null } {
  const parts = /^(.+?\.) (?=[A-Z])(.+)$/s.exec(message)
  return { found: parts?.[1] ?? message, next: parts?.[2] ?? null }
}

/** Runs a check that may hang or break: the rest of the visit goes on without it. */
export async function bounded(
  check: string,
  waitMs: number,
  work: () => Promise<Finding | Finding[]>,
): Promise<Finding[]> {
  const { problem } = about(check)
  let timer: NodeJS.Timeout | undefined
  const tired = new Promise<Finding>((resolve) => {
    timer = setTimeout(
      () =>
        resolve(
          problem(
            `No answer within ${Math.round(waitMs / 1000)} seconds.`,
            'See whether what is asked here hangs or is overloaded, and run this again.',
            { code: 'timeout' },
          ),
        ),
      waitMs,
    )
  })
  try {
    return [await Promise.race([work(), tired])].flat()
  } catch (error) {
    return [
      problem(
        `This could not be looked at (${wordsOf(error)}).`,
        'Mend what is named above it first; if nothing is, send the report of --out to support.',
        { code: codeOf(error) },
      ),
    ]
  } finally {
    clearTimeout(timer)
  }
}
