import { mkdirSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../base/log.ts'
import type { Courier } from './courier.ts'

/** Mails as files, where there is no mail server: `<time>-<id>.eml`, RFC 5322, readable by their owner alone. */
export interface Outbox extends Courier {
  /** Names of the files, newest first. */
  list(): Promise<string[]>
  /** The bytes of one; undefined when there is none of that name. */
  read(file: string): Promise<Buffer | undefined>
  /** Removes files whose mail was queued before. */
  sweep(before: Date): Promise<void>
}

const FILE = /^\d{8}T\d{6}Z-[0-9a-f-]{36}\.eml$/

/** The outbox in `folder`, made when the first mail comes. The log names the file, never the content. */
export function createOutbox(folder: string, log: Log): Outbox {
  const list = async () => {
    const files = await readdir(folder).catch(() => [])
    return files.filter((file) => FILE.test(file)).sort((one, other) => (one < other ? 1 : -1))
  }
  return {
    send: async (message) => {
      // The same mail again is the same file.
      const file = `${stamp(message.queuedAt)}-${message.id}.eml`
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const half = join(folder, `${file}.${process.pid}.part`)
      await writeFile(half, message.bytes, { mode: 0o600 })
      await rename(half, join(folder, file))
      log.info('mail kept as a file: no SMTP_URL is set', { file: join(folder, file) })
      return { state: 'sent' }
    },
    list,
    read: async (file) => (FILE.test(file) ? readFile(join(folder, file)).catch(() => undefined) : undefined),
    sweep: async (before) => {
      for (const file of await list()) if (file < stamp(before)) await rm(join(folder, file), { force: true })
    },
  }
}

/** `20250410T143000Z`: sorts by time and stands in file names everywhere. */
const stamp = (at: Date): string => at.toISOString().replaceAll(/[-:]|\.\d+/g, '')
