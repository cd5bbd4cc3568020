import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../base/errors.ts'
import type { WorkerMessage, WorkerTask } from './parse-in-worker.ts'
import { readStatement } from './read-statement.ts'

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
const send = (message: WorkerMessage): void => parentPort!.postMessage(message)

try {
  const { bytes, options } = workerData as WorkerTask
  send({ kind: 'done', statement: readStatement(bytes, { ...options, onProgress: () => send({ kind: 'progress' }) }) })
} catch (error) {
  if (!(error instanceof AppError)) throw error
  send({ kind: 'refused', code: error.code, message: error.message, details: error.details })
}
