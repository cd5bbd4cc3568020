import { parentPort, workerData } from 'node:worker_threads'
import { openBooks, type Printed, printing, type ReconcileOptions, readBooks } from './reconcile-books.ts'
import { takeLines } from './shared-lines.ts'

/** What the other thread is given. */
export interface Task {
  options: ReconcileOptions
  counter: SharedArrayBuffer
}

/** Reads the same files, and looks at the lines that the first thread has not come to. */
const { options, counter } = workerData as Task
const books = await readBooks(options, { count: () => () => undefined, say: () => undefined, done: () => undefined })
const run = await openBooks(books, options)
const { lookAt } = await import('../matching/index.ts')
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin; this is no window
for (const chunk of takeLines<Printed>(lookAt, run, printing(books, options), counter)) parentPort!.postMessage(chunk)
