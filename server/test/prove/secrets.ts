import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openHouse, OPERATOR_KEY } from './house.ts'
import { formsOf, search } from './secrets-forms.ts'
import { useSecrets } from './secrets-use.ts'
import { proveRotation } from './secrets-rotation.ts'
import { createTally } from './tally.ts'

/** Secrets are used in every way there is; afterwards none of them, in any of eleven forms, lies in a row of the database, in
 *  its files and its write-ahead log, in a log line, an answer, an error, a job or an export. A text that was planted on
 *  purpose is found in each of these places, so that a search that looks at nothing would fail. Then a rotation of the
 *  encryption keys is killed at each of its points. Ends with `N passed, N failed`. */

const PLANTED = 'planted-control-7Hq2mXw9'
const tally = createTally()

tally.count([
  {
    name: 'the search knows every form',
    faults: formsOf(PLANTED)
      .filter(
        ({ bytes }) =>
          search(Buffer.concat([Buffer.from('..'), bytes, Buffer.from('..')]), { it: PLANTED }).length === 0,
      )
      .map(({ form }) => form),
  },
])

const house = await openHouse({ name: 'secrets' })
try {
  const { canaries, answers, exported } = await useSecrets(house, PLANTED)
  const all = { ...canaries, 'operator key': OPERATOR_KEY }
  const { pool } = house.payymo.database
  // Everything on the disk, as a stolen one would hold it.
  await pool.query('checkpoint')
  const rows = await dump(pool)
  const files = filesBelow(join(house.server.folder, 'database')).map((path) => ({ path, bytes: readFileSync(path) }))
  const wal = files.filter(({ path }) => path.includes('pg_wal'))
  const outside = filesBelow(house.server.folder)
    .filter((path) => !path.includes('/database/'))
    // Without a mail server the mail itself lies there, which is what it is for; never in production.
    .filter((path) => !path.includes('/outbox/'))
    .map((path) => ({ path, bytes: readFileSync(path) }))
  const places: Record<string, { path: string; bytes: Buffer }[]> = {
    'rows of every table': [...rows].map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
    jobs: [...rows]
      .filter(([path]) => path.startsWith('pgboss.'))
      .map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
    'files of the database': files,
    'write-ahead log': wal,
    'log lines': [{ path: 'log', bytes: Buffer.from(house.log.join('\n')) }],
    'answers and errors': answers.map((text, index) => ({ path: `answer ${index + 1}`, bytes: Buffer.from(text) })),
    exports: [{ path: 'export', bytes: exported }],
    'other files of the data folder': outside,
  }
  for (const [place, parts] of Object.entries(places)) {
    const bytes = parts.reduce((sum, part) => sum + part.bytes.length, 0)
    tally.count([
      {
        name: `no secret in ${place} (${parts.length} parts, ${bytes} bytes)`,
        faults: parts.flatMap(({ path, bytes }) => search(bytes, all).map((hit) => `${path}: ${hit}`)),
      },
    ])
  }
  for (const place of ['rows of every table', 'write-ahead log', 'answers and errors', 'exports']) {
    const found = places[place]!.some(({ bytes }) => search(bytes, { control: PLANTED }).length > 0)
    tally.count([{ name: `the planted text is found in ${place}`, faults: found ? [] : ['it is not'] }])
  }
  tally.count([
    { name: 'the log said something', faults: house.log.length > 20 ? [] : [`only ${house.log.length} lines`] },
    {
      name: 'there were jobs to look at',
      faults: [...rows.keys()].some((name) => name.startsWith('pgboss.job')) ? [] : ['none'],
    },
  ])
} finally {
  await house.stop()
}
await proveRotation(tally)
tally.end()

/** Every row of every table as text, bytea as hex. */
async function dump(pool: typeof house.payymo.database.pool): Promise<Map<string, string>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
  )
  const texts = new Map<string, string>()
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${name} t`)
    texts.set(name, rows.map(({ row }) => row).join('\n'))
  }
  return texts
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}
