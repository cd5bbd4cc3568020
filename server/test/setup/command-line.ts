import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database } from '../../src/database/open.ts'

const PROGRAM = fileURLToPath(new URL('./command-line-process.ts', import.meta.url))

export interface Said {
  status: number
  out: string
  err: string
}

/** `./payymo` beside a database, in a folder and with settings of its own, in one process for all calls. */
export interface CommandLine {
  folder: string
  /** One call, as a shell would make it; calls wait for each other. */
  run(...args: string[]): Promise<Said>
  stop(): void
}

export function startCommandLine(database: Database, settings: Record<string, string> = {}): CommandLine {
  const folder = mkdtempSync(join(tmpdir(), 'payymo-command-'))
  const child = fork(PROGRAM, {
    execArgv: ['--disable-proto=delete'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      PAYYMO_DATA_DIR: folder,
      DATABASE_URL: databaseUrl(database),
      ...settings,
    },
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let last: Promise<unknown> = Promise.resolve()
  const call = (args: string[]): Promise<Said> =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`payymo ${args.join(' ')} ended the process`))
      child.once('exit', ended)
      child.once('message', (said) => {
        child.off('exit', ended)
        resolve(said as Said)
      })
      child.send(args)
    })
  return {
    folder,
    run: (...args) => {
      const mine = last.then(() => call(args))
      last = mine.catch(() => {})
      return mine
    },
    stop: () => {
      child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** As the program reads DATABASE_URL, also when the server is reached by a socket. */
function databaseUrl({ connection }: Database): string {
  const { connectionString, host, port, user, database: name } = connection
  return connectionString ?? `postgresql://${user}@/${name}?host=${encodeURIComponent(host!)}&port=${port}`
}
