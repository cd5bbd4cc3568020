import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { endWithUs } from './children.ts'

const PROGRAM = fileURLToPath(new URL('./worker.ts', import.meta.url))

/** Worker processes that are replaced when they die, until the suite says that it is enough. */
export interface Crew {
  /** Crash points that killed a process so far, in order. */
  readonly crashes: string[]
  /** Deaths that nobody asked for, in words. */
  readonly faults: string[]
  /** Lines of all logs. */
  readonly log: string[]
  /** Kills the process, and another takes its place. */
  kill(index: number): void
  /** Freezes the process, and thaws it again. */
  freeze(index: number): void
  thaw(index: number): void
  stop(): Promise<void>
}

/** `crashPointOf` says where the next process is to die; undefined when it is to live. */
export async function startCrew(options: {
  size: number
  environment: Record<string, string>
  folder: string
  crashPointOf?: () => string | undefined
}): Promise<Crew> {
  const members: (ChildProcess | undefined)[] = []
  const crashes: string[] = []
  const faults: string[] = []
  const log: string[] = []
  const expected = new WeakSet<ChildProcess>()
  let stopping = false

  const start = async (index: number): Promise<void> => {
    const crashPoint = options.crashPointOf?.()
    const child = spawn(process.execPath, ['--disable-proto=delete', PROGRAM], {
      cwd: options.folder,
      env: {
        PATH: process.env.PATH,
        ...options.environment,
        ...(crashPoint === undefined ? {} : { PAYYMO_CRASH_POINT: crashPoint }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    members[index] = child
    endWithUs(child)
    let tail = ''
    child.stderr.on('data', (chunk: Buffer) => {
      const lines = (tail + chunk.toString()).split('\n')
      tail = lines.pop()!
      log.push(...lines)
    })
    child.once('exit', (code, signal) => {
      const died = crashPoint !== undefined && signal === 'SIGKILL' && !expected.has(child)
      if (died) crashes.push(crashPoint.split(':')[0]!)
      else if (!expected.has(child) && !stopping)
        faults.push(`a worker ended with ${signal ?? code}: ${[...log.slice(-12), tail].join(' | ').slice(0, 1_000)}`)
      if (!stopping) void start(index)
    })
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  }

  await Promise.all(Array.from({ length: options.size }, (_, index) => start(index)))
  return {
    crashes,
    faults,
    log,
    kill: (index) => {
      const child = members[index]!
      expected.add(child)
      child.kill('SIGKILL')
    },
    freeze: (index) => void members[index]!.kill('SIGSTOP'),
    thaw: (index) => void members[index]!.kill('SIGCONT'),
    stop: async () => {
      stopping = true
      await Promise.all(
        members.map(async (child) => {
          if (!child || child.exitCode !== null || child.signalCode !== null) return
          const gone = once(child, 'exit')
          child.kill('SIGCONT')
          child.kill('SIGKILL')
          await gone
        }),
      )
    },
  }
}
