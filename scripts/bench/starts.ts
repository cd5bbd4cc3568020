import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { startEmbedded } from '../../server/src/database/embedded.ts'
import { root } from '../run.ts'
import type { Figure, Measurement } from './figure.ts'

/** P7: how long until the program is ready, at the first start and later, and how long the sandbox's month takes. */
export const starts: Measurement = {
  ids: ['P7', '1.1'],
  floor: 'the bundled PostgreSQL alone, started on a folder of its own',
  run: async (folder): Promise<Figure[]> => {
    const floors = { first: await bareDatabase(join(folder, 'bare')), later: await bareDatabase(join(folder, 'bare')) }
    const first = await start(join(folder, 'data'))
    const later = await start(join(folder, 'data'))
    const figure = (id: string, what: string, measured: number, floor: number, goal: number): Figure => {
      return { id, what, measured, floor, goal, unit: 's', better: 'lower' }
    }
    return [
      figure('P7', 'first start until ready', first.readyS, floors.first, 10),
      figure('P7', 'later start until ready', later.readyS, floors.later, 3),
      figure('1.1', 'sandbox month done', first.monthS, floors.first, 30),
    ]
  },
}

async function bareDatabase(dataDir: string): Promise<number> {
  const startedAt = performance.now()
  const server = await startEmbedded(dataDir)
  const seconds = (performance.now() - startedAt) / 1000
  await server.stop()
  return seconds
}

/** One start as a user makes it, until it says so, and its clean end. */
async function start(dataDir: string): Promise<{ readyS: number; monthS: number }> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['--disable-proto=delete', join(root, 'server/src/cli/start.ts')], {
    cwd: root,
    env: { ...process.env, PAYYMO_DATA_DIR: dataDir, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  const seen = (text: string) =>
    new Promise<number>((resolve, reject) => {
      const look = () => {
        if (said.includes(text)) resolve((performance.now() - startedAt) / 1000)
      }
      child.stdout.on('data', look)
      child.once('exit', () => reject(new Error(`the program ended before it said "${text}":\n${said}`)))
      setTimeout(() => reject(new Error(`never said "${text}":\n${said}`)), 120_000).unref()
    })
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const ready = seen('Ready on ')
  const month = seen('See it ')
  const [readyS, monthS] = [await ready, await month]
  child.kill('SIGINT')
  await new Promise((resolve) => child.once('exit', resolve))
  return { readyS, monthS }
}
