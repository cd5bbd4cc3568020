import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type ClientConfig } from 'pg'
import { type EmbeddedServer, startEmbedded } from '../../src/database/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import { connectPool } from '../../src/database/open.ts'
import { openQueue } from '../../src/jobs/queue.ts'

const TEMPLATE = 'prove_template'

/** A database server of the suite's own, with commits that survive a kill, and a migrated template to copy. */
export interface SuiteServer {
  folder: string
  /** A fresh database: its connection, and its address for another process. */
  database(name: string): Promise<{ connection: ClientConfig; url: string }>
  /** Kills the server as a power cut of the process would, and starts it again on what is on the disk. */
  killAndRestart(): Promise<void>
  stop(): Promise<void>
}

export async function startServer(): Promise<SuiteServer> {
  const folder = mkdtempSync(join(tmpdir(), 'payymo-prove-'))
  chmodSync(folder, 0o755)
  const dataDir = join(folder, 'database')
  let server: EmbeddedServer = await startEmbedded(dataDir)
  let up = true
  const admin = async (sql: string) => {
    const client = new Client({ ...server.connection, database: 'postgres' })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await admin(`create database ${TEMPLATE}`)
  const connection = { ...server.connection, database: TEMPLATE }
  const { pool } = await connectPool(connection, 4)
  await migrate(pool)
  const queue = await openQueue({ pool, connection, report: (_queue, _data, error) => console.error(error) })
  await queue.stop(1000)
  await pool.end()

  return {
    folder,
    database: async (name) => {
      await admin(`create database ${name} template ${TEMPLATE}`)
      const { host, user } = server.connection
      return {
        connection: { ...server.connection, database: name },
        url: `postgresql://${user}@localhost/${name}?host=${encodeURIComponent(host)}`,
      }
    },
    killAndRestart: async () => {
      const pid = Number.parseInt(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8'), 10)
      process.kill(pid, 'SIGKILL')
      // Its parent must take note, or the dead one still holds the data folder.
      await server.stop()
      up = false
      server = await startAgain(dataDir)
      up = true
    },
    stop: async () => {
      if (up) await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The killed server's children hold its shared memory for a moment longer. */
async function startAgain(dataDir: string): Promise<EmbeddedServer> {
  for (let attempt = 1; ; attempt++) {
    await sleep(200)
    try {
      const server = await startEmbedded(dataDir)
      // Whoever still answers may be the one that is just going down.
      if (!server.adopted) return server
    } catch (error) {
      if (attempt === 20) throw error
    }
  }
}
