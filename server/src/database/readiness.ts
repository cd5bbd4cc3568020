import type pg from 'pg'
import type { KeyRing } from '../base/envelope.ts'
import { readMigrations } from './migrate.ts'
import { withOwner } from './transaction.ts'
import { secretContext, unwrap } from './wrapped-key.ts'

/** Whoever asks within this gets the answer of the last look: asking often costs the database nothing. */
const SHARED_MS = 1_000
/** Reliability 41. */
const WITHIN_MS = 1_000

const LATE = 'The database does not answer'

/** Whether this process can serve: the database answers within a second, has every migration this program knows (a newer program
 *  may have added its own), and holds nothing that our encryption keys do not open. Answers what is wrong, or undefined. */
export type Readiness = () => Promise<string | undefined>

export function createReadiness(
  pool: pg.Pool,
  ring: KeyRing,
  nowMs: () => number = () => performance.now(),
): Readiness {
  const versions = readMigrations().map(({ version }) => version)
  let last: { atMs: number; verdict: Promise<string | undefined> } | undefined
  let looking = false

  const look = async (): Promise<string | undefined> => {
    // The one before still waits: another would only stand behind it.
    if (looking) return LATE
    looking = true
    const seen = lookAt(pool, ring, versions).finally(() => {
      looking = false
    })
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(LATE), WITHIN_MS)
    })
    return Promise.race([seen, late]).finally(() => clearTimeout(timer))
  }

  return () => {
    const atMs = nowMs()
    if (last === undefined || atMs - last.atMs >= SHARED_MS) last = { atMs, verdict: look() }
    return last.verdict
  }
}

/** Never rejects: a database that cannot be asked is an answer. */
async function lookAt(pool: pg.Pool, ring: KeyRing, versions: number[]): Promise<string | undefined> {
  try {
    const seen = await withOwner(pool, (tx) =>
      tx.one<{ known: number; name: string | null; sealed: Buffer | null }>(
        `select (select count(*)::int from schema_migrations where version = any($1)) as known, s.name, s.sealed
           from (values (1)) always left join lateral (select name, sealed from installation_secrets order by name limit 1) s on true`,
        [versions],
      ),
    )
    if (seen.known < versions.length) return 'The database has not been brought to this version'
    return seen.name === null ? undefined : opens(ring, seen.name, seen.sealed!)
  } catch {
    return LATE
  }
}

function opens(ring: KeyRing, name: string, sealed: Buffer): string | undefined {
  try {
    unwrap(ring, sealed, secretContext(name))
    return undefined
  } catch {
    return 'The encryption keys of this process do not open what the database holds'
  }
}
