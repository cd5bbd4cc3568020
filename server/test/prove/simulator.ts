import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { endWithUs } from './children.ts'
import type { FaultPlan, JournalEntry, WhmcsSeed } from '../../../sandbox/src/whmcs/index.ts'

const PROGRAM = fileURLToPath(new URL('../../../sandbox/src/whmcs/main.ts', import.meta.url))

/** A simulated WHMCS in a process of its own. Its journal says what was really booked. */
export interface Simulator {
  url: string
  /** `host:port` */
  host: string
  control(name: string, body: unknown): Promise<void>
  setFaults(plan: FaultPlan | null): Promise<void>
  journal(): JournalEntry[]
  counts(): Promise<Record<string, { calls: number; parallelMax: number }>>
  /** Kills it and starts it again on the same port with the same books; faults are set anew. */
  killAndRestart(): Promise<void>
  stop(): Promise<void>
}

export async function startSimulator(folder: string, name: string, seed: WhmcsSeed): Promise<Simulator> {
  const journal = `${folder}/${name}.journal`
  const seedFile = `${folder}/${name}.seed.json`
  writeFileSync(seedFile, JSON.stringify(seed))
  let plan: FaultPlan | null = null
  let child: ChildProcess
  let port = '0'
  const start = async () => {
    child = spawn(process.execPath, [PROGRAM, '--journal', journal, '--seed', seedFile, '--port', port], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    endWithUs(child)
    const lines = createInterface({ input: child.stdout! })
    const [line] = (await once(lines, 'line')) as [string]
    return (JSON.parse(line) as { url: string }).url
  }
  const stop = async () => {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  const url = await start()
  const host = new URL(url).host
  port = new URL(url).port

  const control = async (what: string, body: unknown) => {
    const answer = await fetch(`http://${host}/__control/${what}`, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`simulator, ${what}: ${await answer.text()}`)
  }
  return {
    url,
    host,
    control,
    setFaults: async (wanted) => {
      plan = wanted
      await control('fault-plan', plan)
    },
    journal: () =>
      readFileSync(journal, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as JournalEntry),
    counts: async () =>
      (await (await fetch(`http://${host}/__control/counts`)).json()) as Record<
        string,
        { calls: number; parallelMax: number }
      >,
    killAndRestart: async () => {
      await stop()
      await start()
      await control('fault-plan', plan)
    },
    stop,
  }
}
