import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmbedded } from './embedded.ts'

const MODULE = fileURLToPath(new URL('./embedded.ts', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'payymo-embedded-'))
  chmodSync(folder, 0o755)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function ask(connection: pg.ClientConfig, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ ...connection, database: 'postgres' })
  await client.connect()
  const { rows } = await client.query(sql)
  await client.end()
  return rows
}

/** A process of its own that holds the server, writes a row, says so, and waits to be killed. */
function holder(dataDir: string): Promise<{ kill(): Promise<void> }> {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import pg from 'pg'
     const { startEmbedded } = await import(${JSON.stringify(MODULE)})
     const { connection } = await startEmbedded(${JSON.stringify(dataDir)})
     const client = new pg.Client({ ...connection, database: 'postgres' })
     await client.connect()
     await client.query('create table kept (n int)')
     await client.query('insert into kept values (7)')
     console.log('ready')
     setInterval(() => {}, 1000)`,
    ],
    { cwd: fileURLToPath(new URL('.', import.meta.url)) },
  )
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
    child.stdout.once('data', () =>
      resolve({
        kill: () =>
          new Promise((gone) => {
            child.removeAllListeners('exit')
            child.once('exit', () => gone())
            child.kill('SIGKILL')
          }),
      }),
    )
  })
}

describe('the bundled server', () => {
  it('goes with the process that started it, kill -9 included, and the next start at once finds everything', async () => {
    const dataDir = join(folder, 'database')
    const first = await holder(dataDir)
    await first.kill()
    const server = await startEmbedded(dataDir)
    expect(await ask(server.connection, 'select n from kept')).toEqual([{ n: 7 }])
    await server.stop()
  })

  it('recovers by itself when the server was killed too, as by a power cut', async () => {
    const dataDir = join(folder, 'database')
    const first = await holder(dataDir)
    process.kill(Number.parseInt(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8'), 10), 'SIGKILL')
    await first.kill()
    const server = await startEmbedded(dataDir)
    expect(await ask(server.connection, 'select n from kept')).toEqual([{ n: 7 }])
    await server.stop()
  })

  it('is adopted by a second process, which leaves it running', async () => {
    const dataDir = join(folder, 'database')
    const server = await startEmbedded(dataDir)
    const second = await startEmbedded(dataDir)
    expect(second.adopted).toBe(true)
    await second.stop()
    expect(await ask(server.connection, 'select 1 as n')).toEqual([{ n: 1 }])
    await server.stop()
  })
})
