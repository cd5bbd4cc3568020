import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../base/errors.ts'

/** Takes the data folder for this process: two servers on one would work against each other. Returns how to let go of it.
 *  Throws UsageError naming the other process. A note left by a process that died is taken over. */
export function holdDataFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true })
  const file = join(dataDir, 'payymo.pid')
  for (let attempt = 1; ; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => {
        if (holder(file) === process.pid) rmSync(file, { force: true })
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 3) throw error
      const other = holder(file)
      if (other !== undefined && other !== process.pid && lives(other)) {
        throw new UsageError(
          `The data folder ${dataDir} is in use by another Payymo (process ${other}). Stop it, or set PAYYMO_DATA_DIR to another folder.`,
        )
      }
      rmSync(file, { force: true })
    }
  }
}

function holder(file: string): number | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim()
    return /^\d+$/.test(text) ? Number.parseInt(text, 10) : undefined
  } catch {
    return undefined
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
