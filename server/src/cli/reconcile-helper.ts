import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { Look, Looked, Reading, Run, Tell } from '../matching/index.ts'
import type { Printed, ReconcileOptions } from './reconcile-books.ts'
import type { Task } from './reconcile-worker.ts'
import { type Chunk, chunksOf, takeLines } from './shared-lines.ts'

/** Smaller files are done before a second thread has read them. */
const BYTES_MIN = 4 * 1024 * 1024
/** Two threads hold about twenty times what the files do (measured with 100,000 lines and invoices). */
const ROOM_TIMES = 24
/** A chunk takes well below a second. */
const SILENCE_MS_MAX = 60_000

/** A second thread that looks at some of the lines. */
export interface Helper {
  /** What it has looked at: `count` chunks, which it took from the counter. Less where it failed, and nothing where the files have
   *  changed since it began: what is missing is looked at here. */
  chunks(count: number): Promise<Chunk<Printed>[]>
  /** Ends it, whatever it does. */
  end(): Promise<void>
}

/** Starts a second thread where the machine has a processor and the memory for it and the files are large; null otherwise. What is
 *  decided does not depend on it. Files that cannot be read twice, such as pipes, are left alone. */
export async function startHelper(
  options: ReconcileOptions,
  counter: SharedArrayBuffer,
  { bytesMin = BYTES_MIN, processors = availableParallelism() } = {},
): Promise<Helper | null> {
  if (processors < 2) return null
  const before = await stateOf(options)
  if (before === null || before.bytes < bytesMin || before.bytes * ROOM_TIMES > process.availableMemory()) return null
  const task: Task = { options, counter }
  const worker = new Worker(new URL('./reconcile-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20) },
  })
  const received: Chunk<Printed>[] = []
  let awaited = Number.POSITIVE_INFINITY
  let stop = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    stop = resolve
  })
  let silence: NodeJS.Timeout | undefined
  worker.once('exit', stop)
  // What it has not done is done here, so its fault is nobody's concern.
  worker.once('error', stop)
  worker.on('message', (chunk: Chunk<Printed>) => {
    received.push(chunk)
    silence?.refresh()
    if (received.length >= awaited) stop()
  })
  return {
    async chunks(count) {
      awaited = count
      silence = setTimeout(stop, SILENCE_MS_MAX)
      if (received.length < count) await ended
      clearTimeout(silence)
      const after = await stateOf(options)
      return after !== null && after.name === before.name ? received : []
    },
    async end() {
      await worker.terminate()
    },
  }
}

/** Looks at all lines of the run, some of them there, the others here. */
export async function lookTogether(
  run: Run,
  tell: Tell<Printed>,
  counter: SharedArrayBuffer,
  helper: Helper,
): Promise<Looked<Printed>> {
  const { isAskedAgain, lookAt } = await import('../matching/index.ts')
  const looked: (Look<Printed> | undefined)[] = run.lines.map(() => undefined)
  const read: (Reading | undefined)[] = run.lines.map(() => undefined)
  const place = ({ from, looks }: Chunk<Printed>): void => {
    for (const [n, look] of looks.entries()) looked[from + n] = look
  }
  let taken = 0
  const mine = takeLines(lookAt, run, tell, counter, (at, look, reading) => {
    if (isAskedAgain(look)) read[at] = reading
  })
  for (const chunk of mine) {
    place(chunk)
    taken += 1
  }
  for (const chunk of await helper.chunks(chunksOf(run) - taken)) place(chunk)
  return { looked, read }
}

/** What tells one state of the files from another, and their size; null where one is no plain file. */
async function stateOf({ transactions, invoices, history }: ReconcileOptions) {
  let name = ''
  let bytes = 0
  for (const file of [transactions, invoices, ...(history === undefined ? [] : [history])]) {
    const found = await stat(file, { bigint: true }).catch(() => null)
    if (found === null || !found.isFile()) return null
    name += `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs}\n`
    bytes += Number(found.size)
  }
  return { name, bytes }
}
