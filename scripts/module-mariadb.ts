import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs something beside a MariaDB of its own, which is gone afterwards. Returns false where MariaDB, or PHP's driver for it, is not
 *  installed. The address is in the form that the module's tests take. */
export async function withMariaDb(use: (address: string) => void): Promise<boolean> {
  const drivers = spawnSync('php', ['-r', 'echo implode(" ", PDO::getAvailableDrivers());'], {
    encoding: 'utf8',
  }).stdout
  const server = ['/usr/sbin/mariadbd', '/usr/bin/mariadbd'].find((path) => existsSync(path))
  if (server === undefined || !(drivers ?? '').split(' ').includes('mysql')) return false
  const folder = mkdtempSync(join(tmpdir(), 'payymo-mariadb-'))
  let child: ChildProcess | undefined
  try {
    const data = join(folder, 'data')
    mkdirSync(data)
    const socket = join(folder, 'socket')
    const asRoot = process.getuid?.() === 0 ? ['--user=root'] : []
    const common = ['--no-defaults', `--datadir=${data}`, ...asRoot]
    run('mariadb-install-db', [...common, '--auth-root-authentication-method=normal', '--skip-test-db'])
    const port = await freePort()
    child = spawn(
      server,
      [
        ...common,
        `--socket=${socket}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        // Nothing here has to survive a power cut.
        '--innodb-flush-log-at-trx-commit=0',
        '--innodb-doublewrite=0',
        '--innodb-flush-method=nosync',
        '--sync-frm=0',
        '--skip-log-bin',
      ],
      { stdio: 'ignore' },
    )
    await until(() => client(socket, 'create database payymo') === 0)
    use(`host=127.0.0.1;port=${port};dbname=payymo;user=root`)
    return true
  } finally {
    if (child) await end(child)
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(program: string, args: string[]): void {
  const ran = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000 })
  if (ran.status !== 0) throw new Error(`${program}: ${ran.stderr || ran.error?.message}`)
}

const client = (socket: string, sql: string): number | null =>
  spawnSync('mariadb', ['--no-defaults', `--socket=${socket}`, '--user=root', '-e', sql], {
    stdio: 'ignore',
    timeout: 5_000,
  }).status

async function until(done: () => boolean): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    if (done()) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error('MariaDB did not start')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10_000))])
  if (child.exitCode === null) child.kill('SIGKILL')
}
