import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { startEmbedded } from '../../server/src/database/embedded.ts'
import type { TenantId } from '../../server/src/base/ids.ts'
import { root } from '../run.ts'

/** The program on a fresh bundled database, serving HTTP in a process of its own, with one tenant and its key. */
export interface BenchServer {
  origin: string
  key: string
  tenantId: TenantId
  /** The database with all rights, for seeding and for floors. */
  connection: pg.ClientConfig
  call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
  stop(): Promise<void>
}

/** Limits that nobody reaches. */
export const NO_LIMITS = JSON.stringify({
  standard: 1_000_000,
  premium: 1_000_000,
  transactions: 1_000_000,
  bank_connections: 1_000_000,
})

/** Starts database and server. The server works with the settings of production, except that nothing is limited. */
export async function startServer(folder: string): Promise<BenchServer> {
  const database = await startEmbedded(join(folder, 'database'))
  const operatorKey = randomBytes(24).toString('hex')
  const port = await freePort()
  const child = spawn(process.execPath, ['--disable-proto=delete', join(root, 'server/src/cli/payymo.ts'), 'serve'], {
    cwd: root,
    env: {
      ...process.env,
      PAYYMO_DATA_DIR: folder,
      PORT: String(port),
      PAYYMO_SANDBOX: 'off',
      PAYYMO_ROLE: 'api',
      PAYYMO_OPERATOR_KEY: operatorKey,
      PAYYMO_RATE_LIMITS: NO_LIMITS,
    },
    // Logs are written as ever, to nowhere.
    stdio: 'ignore',
  })
  const origin = `http://127.0.0.1:${port}`
  await ready(origin, child)
  const callAs = async (
    key: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Record<string, unknown>
  }
  const { id } = (await callAs(operatorKey, 'POST', '/tenants', { name: 'Bench', slug: 'bench' })) as { id: TenantId }
  const first = { name: 'bench', permissions: ['*'] }
  const { key } = (await callAs(operatorKey, 'POST', `/tenants/${id}/api-keys`, first)) as { key: string }
  return {
    origin,
    key,
    tenantId: id,
    connection: { ...database.connection, database: 'postgres', options: '-c timezone=UTC' },
    call: (method, path, body) => callAs(key, method, path, body),
    stop: async () => {
      child.kill('SIGINT')
      await new Promise((resolve) => child.once('exit', resolve))
      await database.stop()
    },
  }
}

/** A port that is free at this moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

async function ready(origin: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended with status ${child.exitCode}`)
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(100)
  }
  throw new Error('the server was not ready within a minute')
}
