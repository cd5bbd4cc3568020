// npm run bench: measures figures of the contract (section 9) beside their floor, as a table and as JSON. So far: P7, the starts.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '../server/src/database/embedded.ts'
import { root } from './run.ts'

interface Figure {
  id: string
  what: string
  measured: number
  floor: number
  goal: number
  unit: 's'
}

const folder = mkdtempSync(join(tmpdir(), 'payymo-bench-'))
chmodSync(folder, 0o755)
const figures: Figure[] = []
try {
  const floors = { first: await bareDatabase(join(folder, 'bare')), later: await bareDatabase(join(folder, 'bare')) }
  const first = await start(join(folder, 'data'))
  const later = await start(join(folder, 'data'))
  figures.push(
    { id: 'P7', what: 'first start until ready', measured: first.readyS, floor: floors.first, goal: 10, unit: 's' },
    { id: 'P7', what: 'later start until ready', measured: later.readyS, floor: floors.later, goal: 3, unit: 's' },
    { id: '1.1', what: 'sandbox month done', measured: first.monthS, floor: floors.first, goal: 30, unit: 's' },
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(
  `${'id'.padEnd(5)}${'what'.padEnd(28)}${'measured'.padStart(10)}${'floor'.padStart(9)}${'goal'.padStart(9)}`,
)
for (const { id, what, measured, floor, goal, unit } of figures) {
  const cell = (value: number, width: number) => `${value.toFixed(2)} ${unit}`.padStart(width)
  console.log(
    `${id.padEnd(5)}${what.padEnd(28)}${cell(measured, 10)}${cell(floor, 9)}${cell(goal, 9)}${measured <= goal ? '' : '  MISSED'}`,
  )
}
console.log('floor: the bundled PostgreSQL alone, started on a folder of its own')
console.log(JSON.stringify({ figures }))
process.exit(figures.every((figure) => figure.measured <= figure.goal) ? 0 : 1)

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
