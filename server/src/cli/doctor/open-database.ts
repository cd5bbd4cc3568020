import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../database/open.ts'
import { holderOf, lives } from './data-folder.ts'
import { about, codeOf, type Finding, sentencesOf, wordsOf } from './finding.ts'
import type { Settings } from './read-settings.ts'

const CONNECTIONS = 6
/** The quickest of some answers says how far away it is; one alone may have met a busy moment. */
const LATENCY_TRIES = 4
const LATENCY_MS_MAX = 100
const check = about('database')

/** The database of the settings, or why there is none to look into. A server of a running Payymo is joined; the bundled one of a
 *  stopped installation is started for the visit. One that was never made is not made. */
export async function openForVisit({
  config,
  bad,
}: Settings): Promise<{ database: Database; finding: Finding } | { finding: Finding }> {
  if (!config || bad.has('DATABASE_URL') || (config.databaseUrl === undefined && bad.has('PAYYMO_DATA_DIR')))
    return { finding: check.skipped('The settings name no usable database.') }
  const { dataDir, databaseUrl } = config
  const running = databaseUrl === undefined ? bundledState(dataDir) : undefined
  if (running && typeof running !== 'boolean') return { finding: running }
  const askedAt = performance.now()
  try {
    const database = await openDatabase({
      dataDir,
      poolMax: CONNECTIONS,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    })
    const how =
      running === undefined ? '' : running ? ', of the running Payymo' : ', started for this visit and stopped after it'
    return { database, finding: await answering(database, how, running) }
  } catch (error) {
    const code = codeOf(error)
    const { found, next } = sentencesOf((error instanceof Error ? error.message : String(error)).slice(0, 500))
    const waited = Math.round(performance.now() - askedAt)
    return {
      finding: check.problem(
        found || wordsOf(error),
        next ?? 'Set DATABASE_URL to a PostgreSQL server, version 15 or newer.',
        { code, latency_ms: waited },
      ),
    }
  }
}

async function answering(database: Database, how: string, running: boolean | undefined): Promise<Finding> {
  const { rows } = await database.pool.query<{ version: string; number: string }>(
    "select split_part(current_setting('server_version'), ' ', 1) as version, current_setting('server_version_num') as number",
  )
  let latency = Number.POSITIVE_INFINITY
  for (let n = 0; n < LATENCY_TRIES; n++) {
    const askedAt = performance.now()
    await database.pool.query('select 1')
    latency = Math.min(latency, Math.round(performance.now() - askedAt))
  }
  const { version } = rows[0]!
  const facts = {
    version,
    embedded: database.embedded,
    latency_ms: latency,
    ...(running === undefined ? {} : { adopted: running }),
  }
  const found = `${database.description[0]!.toUpperCase()}${database.description.slice(1)}${how}; it answers in ${latency} ms.`
  if (latency > LATENCY_MS_MAX)
    return check.warning(found, 'Let Payymo run near its database: every request asks it several times.', facts)
  return check.ok(found, facts)
}

/** Whether a server runs on the bundled database already, or why it cannot be looked into. */
function bundledState(dataDir: string): boolean | Finding {
  const folder = join(dataDir, 'database')
  try {
    if (!statSync(join(folder, 'PG_VERSION'), { throwIfNoEntry: false }))
      return check.skipped('There is no database yet: the first start makes the bundled one.')
  } catch (error) {
    return check.problem(
      `The bundled database may not be read by this user (${codeOf(error)}).`,
      'Run this as the user that Payymo runs as.',
      { code: codeOf(error) },
    )
  }
  const ready = serverReady(folder)
  const pid = holderOf(dataDir)
  if (pid !== undefined && !ready)
    return check.warning(
      `A Payymo (process ${pid}) holds the data folder, and its database is not ready.`,
      'It is starting or stopping: run this again in a moment. If it stays so, look into its log.',
    )
  return ready
}

/** PostgreSQL writes its process into the first line of `postmaster.pid` and its state into the eighth. */
function serverReady(folder: string): boolean {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
    return lines[7]?.trim() === 'ready' && lives(Number.parseInt(lines[0]!, 10))
  } catch {
    return false
  }
}
