import { accessSync, constants, readFileSync, type Stats, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { about, codeOf, type Finding } from './finding.ts'
import type { Settings } from './read-settings.ts'

const MEGABYTE = 1024 * 1024
const FREE_MB = { warning: 1024, problem: 128 }

/** Whether the data folder is there, writable, with room, and whose it is. Writes nothing and takes no lock. */
export function checkDataFolder({ config, bad }: Settings): Finding[] {
  const check = about('data_folder')
  if (!config || bad.has('PAYYMO_DATA_DIR')) return [check.skipped('PAYYMO_DATA_DIR names no usable folder.')]
  const { dataDir } = config
  let stats: Stats | undefined
  try {
    stats = statSync(dataDir, { throwIfNoEntry: false })
  } catch (error) {
    return [unreachable(dataDir, error)]
  }
  if (!stats) return [absent(dataDir)]
  return [writable(dataDir, stats), room(dataDir), holder(dataDir)]
}

/** The process that holds the data folder, as its note says; undefined when nobody does, or the note's writer has died. */
export function holderOf(dataDir: string): number | undefined {
  try {
    const text = readFileSync(join(dataDir, 'payymo.pid'), 'utf8').trim()
    const pid = /^\d{1,10}$/.test(text) ? Number.parseInt(text, 10) : undefined
    return pid !== undefined && pid > 0 && lives(pid) ? pid : undefined
  } catch {
    return undefined
  }
}

export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function absent(dataDir: string): Finding {
  const check = about('data_folder.writable')
  let parent = dirname(dataDir)
  while (!statSync(parent, { throwIfNoEntry: false }) && parent !== dirname(parent)) parent = dirname(parent)
  try {
    if (!statSync(parent).isDirectory()) throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' })
    accessSync(parent, constants.W_OK)
    return check.ok(`${dataDir} is not there yet: the first start makes it.`)
  } catch (error) {
    return check.problem(
      `${dataDir} is not there, and this user may not make it.`,
      `Make it and give it to this user, or set PAYYMO_DATA_DIR to a folder of this user's.`,
      { code: codeOf(error) },
    )
  }
}

const unreachable = (dataDir: string, error: unknown): Finding =>
  about('data_folder.writable').problem(
    `${dataDir} cannot be reached (${codeOf(error)}).`,
    'Set PAYYMO_DATA_DIR to a folder that this user may enter.',
    { code: codeOf(error) },
  )

function writable(dataDir: string, { uid }: Stats): Finding {
  const check = about('data_folder.writable')
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    return check.problem(
      `This user may not write to ${dataDir} (${codeOf(error)}).`,
      'Run this as the user that Payymo runs as, or give that user the folder (chown).',
      { code: codeOf(error) },
    )
  }
  const me = process.getuid?.()
  if (me !== undefined && me !== 0 && uid !== me)
    return check.warning(
      `${dataDir} is writable, and belongs to another user (${uid}, not ${me}).`,
      'Run Payymo as one user only, the one who owns the folder.',
    )
  if (me === 0 && uid !== 0)
    return check.warning(
      `${dataDir} belongs to user ${uid}, and this is root.`,
      'Run this as that user: what root makes in there, Payymo may not change afterwards.',
    )
  return check.ok(`${dataDir} is writable.`)
}

function room(dataDir: string): Finding {
  const check = about('data_folder.room')
  const { bavail, bsize } = statfsSync(dataDir, { bigint: true })
  const free = Number((bavail * bsize) / BigInt(MEGABYTE))
  const facts = { free_mb: free }
  const found = `${free} MB are free for the data folder.`
  const next = 'Make room: a database that cannot write stops.'
  if (free < FREE_MB.problem) return check.problem(found, next, facts)
  return free < FREE_MB.warning ? check.warning(found, next, facts) : check.ok(found, facts)
}

function holder(dataDir: string): Finding {
  const pid = holderOf(dataDir)
  return about('data_folder.use').ok(
    pid === undefined
      ? 'No running Payymo holds the data folder.'
      : `A running Payymo (process ${pid}) holds the data folder.`,
  )
}
