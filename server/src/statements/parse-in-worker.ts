import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { AppError } from '../base/errors.ts'
import type { WorkerMessage, WorkerTask } from './parse-worker.ts'
import type { ParseOptions } from './reading.ts'
import type { Statement } from './types.ts'

/** What the parser may use before it is stopped (reliability 23). */
export interface ParserLimits {
  memoryMb: number
  /** Longest time without a thousand further rows. */
  stallMs: number
  totalMs: number
}

export const PARSER_LIMITS: ParserLimits = { memoryMb: 512, stallMs: 5_000, totalMs: 60_000 }

/** `readStatement` in a process of its own, which is killed when it uses too much memory or time, so that no file can hold up
 *  or bring down this one. Throws `validation_failed` for a file that cannot be read and for one that was stopped.
 *  A process and not a thread: when a thread passes its memory limit quickly, V8 aborts the whole process instead of the
 *  thread (seen with Node 24.21: one run in three of the test that eats memory). */
export function parseInWorker(
  bytes: Uint8Array,
  options: ParseOptions = {},
  limits: ParserLimits = PARSER_LIMITS,
  program: string = fileURLToPath(new URL('./parse-worker.ts', import.meta.url)),
): Promise<Statement> {
  return new Promise((resolve, reject) => {
    const worker = fork(program, [], {
      execArgv: [`--max-old-space-size=${limits.memoryMb}`, '--disable-proto=delete'],
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const stop = (problem: string) => () => finish(() => reject(tooMuch(problem)))
    const total = setTimeout(stop(`it took longer than ${limits.totalMs / 1000} s`), limits.totalMs)
    const stall = setTimeout(stop(`no row was finished within ${limits.stallMs / 1000} s`), limits.stallMs)
    const finish = (settle: () => void): void => {
      clearTimeout(total)
      clearTimeout(stall)
      settle()
      worker.kill('SIGKILL')
    }
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'progress') stall.refresh()
      else if (message.kind === 'done') finish(() => resolve(message.statement))
      else finish(() => reject(new AppError(message.code, message.message, { details: message.details })))
    })
    worker.on('error', (error) => finish(() => reject(error)))
    // V8 aborts a process without memory: a signal, or status 134 where a shell stands between.
    worker.on('exit', (status, signal) => {
      const isMemory = signal === 'SIGABRT' || signal === 'SIGTRAP' || status === 134
      stop(isMemory ? `it needs more than ${limits.memoryMb} MB of memory` : 'the parser broke down')()
    })
    worker.send({ bytes, options } satisfies WorkerTask, (error) => {
      if (error) finish(() => reject(error))
    })
  })
}

const tooMuch = (problem: string): AppError =>
  new AppError('validation_failed', `The file could not be read: ${problem}. Split it into smaller files.`)
