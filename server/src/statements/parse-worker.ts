import { AppError, type ErrorCode, type FaultyField } from '../base/errors.ts'
import { readStatement } from './read-statement.ts'
import type { ParseOptions } from './reading.ts'
import type { Statement } from './types.ts'

/** What the program is asked, once. */
export interface WorkerTask {
  bytes: Uint8Array
  options: ParseOptions
}

/** What it answers: progress now and then, one of the others at the end. */
export type WorkerMessage =
  | { kind: 'progress' }
  | { kind: 'done'; statement: Statement }
  | { kind: 'refused'; code: ErrorCode; message: string; details: FaultyField[] }

/** The other side of `parseInWorker`: one task, one answer, and the end. */
process.once('message', (task: WorkerTask) => {
  const send = (message: WorkerMessage, sent?: () => void): void =>
    void process.send!(message, undefined, undefined, sent)
  // A parser whose parent is gone has nobody to work for.
  const onProgress = () => (process.connected ? send({ kind: 'progress' }) : process.exit(1))
  try {
    const statement = readStatement(task.bytes, { ...task.options, onProgress })
    send({ kind: 'done', statement }, () => process.disconnect())
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { code, message, details } = error
    send({ kind: 'refused', code, message, details }, () => process.disconnect())
  }
})
