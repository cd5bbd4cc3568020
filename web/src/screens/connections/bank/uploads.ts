import { PayymoError, type StatementImport } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useApi } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { type CsvHead, isStatement, type Mapping, readHead, readText } from './csv-head.ts'

export const FILE_BYTES_MAX = 64 * 1024 * 1024
const PATIENCE_MS = 600_000
/** Larger files show how far they are. */
const AT_ONCE_BYTES_MAX = 2 * 1024 * 1024
const ASK_MS = 1_000

/** One file on its way. `head`: of a CSV whose columns the person may name. */
export interface Upload {
  key: number
  file: File
  state: 'waiting' | 'working' | 'done' | 'failed'
  result?: StatementImport
  /** How far a large file is. */
  far?: StatementImport
  /** `unreadable`: nothing in it looks like a statement. */
  fault?: { message: string; unreadable: boolean }
  head?: CsvHead | undefined
  /** What the server wants to be told: the order of day and month, the decimal sign. */
  wants?: readonly (typeof WANTS)[number][]
}

/** Uploads files one after the other, so that lines keep their order and each says for itself how it went. */
export function useUploads(connectionId: string) {
  const payymo = useApi()
  const words = useWords()
  const client = useQueryClient()
  const [uploads, setUploads] = useState<Upload[]>([])
  const queue = useRef<{ upload: Upload; mapping?: Mapping }[]>([])
  const working = useRef(false)
  const nextKey = useRef(1)
  const set = (key: number, change: Partial<Upload>) =>
    setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)))

  async function work(): Promise<void> {
    if (working.current) return
    working.current = true
    for (let next = queue.current.shift(); next; next = queue.current.shift()) {
      const { upload, mapping } = next
      set(upload.key, { state: 'working' })
      set(upload.key, await send(upload.key, upload.file, mapping))
    }
    working.current = false
    for (const name of ['bank-connections', 'bank-accounts', 'transactions'])
      void client.invalidateQueries({ queryKey: [name] })
  }

  /** Large files are taken in after the answer: how far they are is asked until they are done. */
  async function ended(sent: StatementImport, tell: (far: StatementImport) => void): Promise<StatementImport> {
    let row = sent
    while (row.status === 'queued' || row.status === 'running') {
      tell(row)
      await new Promise((resolve) => setTimeout(resolve, ASK_MS))
      row = await payymo.imports.get(row.id)
    }
    return row
  }

  async function send(key: number, file: File, mapping: Mapping | undefined): Promise<Partial<Upload>> {
    try {
      const query = {
        ...(mapping ? { mapping: JSON.stringify(mapping) } : {}),
        ...(file.size > AT_ONCE_BYTES_MAX ? { async: 'true' as const } : {}),
      }
      const sent = await payymo.bankConnections.importStatement(connectionId, file, query, { timeoutMs: PATIENCE_MS })
      const result = await ended(sent, (far) => set(key, { far }))
      if (result.status !== 'failed') return { state: 'done', result }
      // Its details stand in the one sentence that an import keeps.
      const details = WANTS.filter((name) => result.error?.includes(`mapping.${name}`)).map((name) => `mapping.${name}`)
      return {
        state: 'failed',
        ...refusal(result.error ?? words.states.failedText, details, await readText(file).catch(() => '')),
      }
    } catch (error) {
      return { state: 'failed', ...judge(error, await readText(file).catch(() => ''), words.states) }
    }
  }

  return {
    uploads,
    add: (files: readonly File[]) => {
      const fresh = files.map((file): Upload => {
        const key = nextKey.current++
        if (file.size <= FILE_BYTES_MAX) return { key, file, state: 'waiting' }
        return { key, file, state: 'failed', fault: { message: words.banks.upload.tooLarge, unreadable: false } }
      })
      setUploads((all) => [...fresh, ...all])
      queue.current.push(...fresh.filter(({ state }) => state === 'waiting').map((upload) => ({ upload })))
      void work()
    },
    again: (upload: Upload, mapping?: Mapping) => {
      set(upload.key, { state: 'waiting' })
      queue.current.push({ upload, ...(mapping ? { mapping } : {}) })
      void work()
    },
    remove: (key: number) => setUploads((all) => all.filter((one) => one.key !== key)),
  }
}

/** What the refusal of a file means for the person. A table may be read after all, once its columns are named. */
function judge(
  error: unknown,
  text: string,
  states: { offlineText: string; failedText: string },
): Pick<Upload, 'fault' | 'head' | 'wants'> {
  if (!(error instanceof PayymoError)) return { fault: { message: states.failedText, unreadable: false } }
  if (error.code === 'connection_failed') return { fault: { message: states.offlineText, unreadable: false } }
  if (error.code !== 'validation_failed') return { fault: { message: error.message, unreadable: false } }
  return refusal(
    error.message,
    error.details.map(({ field }) => field),
    text,
  )
}

function refusal(message: string, fields: readonly string[], text: string): Pick<Upload, 'fault' | 'head' | 'wants'> {
  const head = readHead(text)
  return {
    fault: { message, unreadable: !head && !isStatement(text) },
    head,
    wants: WANTS.filter((name) => fields.includes(`mapping.${name}`)),
  }
}

const WANTS = ['date_format', 'decimal'] as const
