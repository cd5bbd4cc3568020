import { Worker } from 'node:worker_threads'
import { AppError } from '../base/errors.ts'
import { type Answer, askEngine, type Question } from './ask-engine.ts'

export type Ask = (question: Question) => Promise<Answer>

/** Smaller questions are answered sooner than a thread begins. */
const LINES_HERE_MAX = 50
const INVOICES_HERE_MAX = 1_000
/** Each holds a whole book. */
const THREADS_MAX = 2
const ANSWER_MS_MAX = 240_000

/** `askEngine` in a thread of its own where the question is large: thousands of lines take seconds, in which this process would answer
 *  nobody, renew no lease and send nothing. At most two at once; others wait for their turn. Throws `service_unavailable` when an
 *  answer takes longer than four minutes. Where it ran says nothing about the answer. */
export function createAsk({ linesHereMax = LINES_HERE_MAX, invoicesHereMax = INVOICES_HERE_MAX } = {}): Ask {
  const waiting: (() => void)[] = []
  let running = 0
  return async (question) => {
    const { lines, failed, invoices } = question
    if (lines.length + failed.length <= linesHereMax && invoices.length <= invoicesHereMax) return askEngine(question)
    if (running >= THREADS_MAX) await new Promise<void>((resolve) => void waiting.push(resolve))
    running += 1
    try {
      return await askAside(question)
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}

function askAside(question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./ask-worker.ts', import.meta.url), { workerData: question })
    const finish = (settle: () => void): void => {
      clearTimeout(timer)
      settle()
      void worker.terminate()
    }
    const timer = setTimeout(() => finish(() => reject(tooLong(question))), ANSWER_MS_MAX)
    worker.once('message', (answer: Answer) => finish(() => resolve(answer)))
    worker.once('error', (error) => finish(() => reject(error)))
    worker.once('exit', (status) => finish(() => reject(new Error(`the thread ended without an answer (${status})`))))
  })
}

const tooLong = ({ lines, invoices }: Question): AppError =>
  new AppError(
    'service_unavailable',
    `Matching ${lines.length} transactions with ${invoices.length} invoices took longer than ${ANSWER_MS_MAX / 60_000} minutes. It is tried again; if it happens again, ask the operator for the log.`,
  )
