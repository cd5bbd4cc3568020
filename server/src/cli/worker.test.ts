import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../test/setup/app.ts'
import type { Database } from '../database/open.ts'

const PROGRAM = fileURLToPath(new URL('./payymo.ts', import.meta.url))
let database: Database
let folder: string
beforeAll(async () => {
  database = await createTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'payymo-worker-'))
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Starts a worker as a service does; resolves with its "ready" line, once it is. */
async function startWorker(
  environment: Record<string, string>,
): Promise<{ ready: { port?: number; host?: string }; stop(): Promise<number | null> }> {
  const { connectionString, host, port, user, database: name } = database.connection
  const child: ChildProcess = spawn(process.execPath, ['--disable-proto=delete', PROGRAM, 'serve'], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      PAYYMO_DATA_DIR: folder,
      PAYYMO_ROLE: 'worker',
      PAYYMO_SANDBOX: 'off',
      DATABASE_URL: connectionString ?? `postgresql://${user}@/${name}?host=${encodeURIComponent(host!)}&port=${port}`,
      ...environment,
    },
    cwd: folder,
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const ready = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const line = said.split('\n').find((one) => one.includes('"ready"') && one.endsWith('}'))
      if (line !== undefined) resolve(line)
    })
    void ended.then(() => reject(new Error(said)))
  })
  return {
    ready: JSON.parse(ready) as { port?: number; host?: string },
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

describe('a worker', () => {
  it('listens on PORT where it is set, and says which port that is', { timeout: 60_000 }, async () => {
    const { ready, stop } = await startWorker({ PORT: '0' })
    expect(ready).toMatchObject({ host: '127.0.0.1', port: expect.any(Number) })
    const answers = await Promise.all(
      ['/healthz', '/readyz', '/metrics', '/api/docs'].map((path) => fetch(`http://127.0.0.1:${ready.port}${path}`)),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404])
    expect(await stop()).toBe(0)
  })

  it('listens on nothing otherwise, and names no port', { timeout: 60_000 }, async () => {
    const { ready, stop } = await startWorker({})
    expect([ready.host, ready.port]).toEqual([undefined, undefined])
    expect(await stop()).toBe(0)
  })
})
