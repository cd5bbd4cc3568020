import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { bookFlags } from '../book-flags.mjs'
import { compareMatchers } from '../matching-compare.ts'
import { root } from '../run.ts'
import type { Figure, Measurement } from './figure.ts'
import { inventBook } from './invented-books.ts'
import { sums } from './matching-sums.ts'

/** The longest of P1 takes minutes and gigabytes: asked for with BENCH_MILLION=1. */
const MILLION = process.env['BENCH_MILLION'] === '1'
const SIZES = MILLION ? [10_000, 100_000, 1_000_000] : [10_000, 100_000]
/** Goals in seconds. A million is the contract's; a hundred thousand is the least that is promised; the first is a hundredth of
 *  the million with the start of a process. */
const GOALS = new Map([
  [10_000, 2],
  [100_000, 10],
  [1_000_000, 60],
])
const MEMORY_GOAL_GB = 4

/** P1 to P3: `payymo reconcile` on books of growing size, one new line against a loaded book, and sums of open invoices. Before
 *  them stands what the engine gets right beside other matchers, so that no speed is bought with it: on the judged books, where
 *  they are there. */
export const matching: Measurement = {
  ids: ['MATCHING', 'P1', 'P2', 'P3'],
  floor:
    'P1: reading the same files and writing a line for each; P2: reading the line and one invoice by its id; P3: adding the balances two by two',
  run: async (folder) => {
    const matchers = quality()
    return [...matchers, ...(await growth(folder)), ...(await oneLine()), ...sums()]
  },
}

/** The quality of the engine on the judged books, beside other matchers. The books are not part of the program. */
function quality(): Figure[] {
  const books = join(process.env['PAYYMO_DATA'] ?? resolve(root, '../shared/data'), 'matching')
  if (!existsSync(books)) {
    console.log(`No judged books in ${books}: set PAYYMO_DATA to the folder that holds them to see the quality.`)
    return []
  }
  const measured = compareMatchers(books)
  return [
    {
      id: 'MATCHING',
      what: 'measures in which another matcher is ahead',
      measured,
      floor: null,
      goal: 0,
      unit: '',
      better: 'lower',
    },
  ]
}

interface Run {
  elapsedS: number
  /** Null where the system does not tell. */
  peakGb: number | null
}

async function growth(folder: string): Promise<Figure[]> {
  const figures: Figure[] = []
  const seconds = (what: string, measured: number, floor: number | null, goal: number): Figure => ({
    id: 'P1',
    what,
    measured,
    floor,
    goal,
    unit: 's',
    better: 'lower',
  })
  let before: { size: number; elapsedS: number; floorS: number } | null = null
  for (const size of SIZES) {
    const { transactions, invoices } = await inventBook(folder, size)
    const out = join(folder, 'verdicts.jsonl')
    const files = ['--transactions', transactions, '--invoices', invoices, '--format', 'jsonl']
    const matched = await timed(['server/src/cli/payymo.ts', 'reconcile', ...files], out)
    const floor = await timed(
      ['scripts/bench/matching-floor.ts', transactions, invoices, out],
      join(folder, 'said.txt'),
    )
    const what = `${size.toLocaleString('en')} lines × ${size.toLocaleString('en')} invoices`
    figures.push(seconds(what, matched.elapsedS, floor.elapsedS, GOALS.get(size) ?? 60))
    if (matched.peakGb !== null)
      figures.push({ ...seconds(`${what}: memory`, matched.peakGb, floor.peakGb, MEMORY_GOAL_GB), unit: 'GB' })
    if (before !== null) {
      const steps = Math.log(size / before.size)
      figures.push({
        ...seconds(
          `growth exponent from ${before.size.toLocaleString('en')} on`,
          Math.log(matched.elapsedS / before.elapsedS) / steps,
          Math.log(floor.elapsedS / before.floorS) / steps,
          1.1,
        ),
        unit: '^',
      })
    }
    before = { size, elapsedS: matched.elapsedS, floorS: floor.elapsedS }
  }
  return figures
}

/** Runs a program of ours to its end, what it prints going into a file, and watches its memory. */
async function timed(args: string[], outFile: string): Promise<Run> {
  const out = await open(outFile, 'w')
  const from = performance.now()
  const child = spawn(process.execPath, [...bookFlags(MILLION ? 12_000 : 4_000), ...args], {
    cwd: root,
    stdio: ['ignore', out.fd, 'inherit'],
    // As the command itself does.
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'), ...process.env },
  })
  let peakGb: number | null = null
  const watch = setInterval(() => {
    peakGb = peakOf(child.pid) ?? peakGb
  }, 100)
  const status = await new Promise<number | null>((done) => child.once('exit', done))
  clearInterval(watch)
  await out.close()
  if (status !== 0) throw new Error(`${args.join(' ')} ended with status ${status}`)
  return { elapsedS: (performance.now() - from) / 1000, peakGb }
}

/** The most memory that a process has held at once. Source: proc(5), VmHWM. */
function peakOf(pid: number | undefined): number | null {
  try {
    const held = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return held === undefined ? null : Number(held) / 1024 / 1024
  } catch {
    return null
  }
}

async function oneLine(): Promise<Figure[]> {
  const size = MILLION ? 1_000_000 : 100_000
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=8000', join(root, 'scripts/bench/matching-one.ts'), String(size)],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let text = ''
  for await (const chunk of child.stdout) text += String(chunk)
  const { p50, p99, floor99 } = JSON.parse(text) as { p50: number; p99: number; floor99: number }
  const what = `one new line against ${size.toLocaleString('en')} open invoices`
  const figure = { id: 'P2', goal: 5, unit: 'ms', better: 'lower' } as const
  return [
    { ...figure, what: `${what}: p50`, measured: p50, floor: null },
    { ...figure, what: `${what}: p99`, measured: p99, floor: floor99 },
  ]
}
