import { Worker } from 'node:worker_threads'
import { AppError, type ErrorCode, type FaultyField } from '../base/errors.ts'
import type { ReadOptions } from './reading.ts'
import type { Statement } from './types.ts'

/** What the parser may use before it is stopped (reliability 23). */
export interface ParserLimits {
  memoryMb: number
  /** Longest time without a thousand further rows. */
  stallMs: number
  totalMs: number
}

export const PARSER_LIMITS: ParserLimits = { memoryMb: 512, stallMs: 5_000, totalMs: 60_000 }

export type ParseOptions = Omit<ReadOptions, 'onProgress'>

export interface WorkerTask {
  bytes: Uint8Array
  options: ParseOptions
}

export type WorkerMessage =
  | { kind: 'progress' }
  | { kind: 'done'; statement: Statement }
  | { kind: 'refused'; code: ErrorCode; message: string; details: FaultyField[] }

/** `readStatement` in a thread of its own, which is stopped when it uses too much memory or time, so that no file can hold
 *  up or bring down the process. Throws `validation_failed` for a file that cannot be read and for one that was stopped. */
export function parseInWorker(
  bytes: Uint8Array,
  options: ParseOptions = {},
  limits: ParserLimits = PARSER_LIMITS,
  program: URL = new URL('./parse-worker.ts', import.meta.url),
): Promise<Statement> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, {
      workerData: { bytes, options } satisfies WorkerTask,
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 64 },
      execArgv: [],
      env: {},
    })
    const stop = (problem: string) => () => finish(() => reject(tooMuch(problem)))
    const total = setTimeout(stop(`it took longer than ${limits.totalMs / 1000} s`), limits.totalMs)
    const stall = setTimeout(stop(`no row was finished within ${limits.stallMs / 1000} s`), limits.stallMs)
    const finish = (settle: () => void): void => {
      clearTimeout(total)
      clearTimeout(stall)
      settle()
      void worker.terminate()
    }
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'progress') stall.refresh()
      else if (message.kind === 'done') finish(() => resolve(message.statement))
      else finish(() => reject(new AppError(message.code, message.message, { details: message.details })))
    })
    worker.on('error', (error: Error & { code?: string }) => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      finish(() => reject(isMemory ? tooMuch(`it needs more than ${limits.memoryMb} MB of memory`) : error))
    })
    worker.on('exit', () => finish(() => reject(tooMuch('the parser ended early'))))
  })
}

const tooMuch = (problem: string): AppError =>
  new AppError('validation_failed', `The file could not be read: ${problem}. Split it into smaller files.`)
