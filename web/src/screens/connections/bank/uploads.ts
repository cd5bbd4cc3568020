import { PayymoError, type StatementImport } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useApi } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { type CsvHead, isStatement, type Mapping, readHead, readText } from './csv-head.ts'

export const FILE_BYTES_MAX = 64 * 1024 * 1024
const PATIENCE_MS = 600_000

/** One file on its way. `head`: of a CSV whose columns the person may name. */
export interface Upload {
  key: number
  file: File
  state: 'waiting' | 'working' | 'done' | 'failed'
  result?: StatementImport
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
      set(upload.key, await send(upload.file, mapping))
    }
    working.current = false
    for (const name of ['bank-connections', 'bank-accounts', 'transactions'])
      void client.invalidateQueries({ queryKey: [name] })
  }

  async function send(file: File, mapping: Mapping | undefined): Promise<Partial<Upload>> {
    try {
      const query = mapping ? { mapping: JSON.stringify(mapping) } : {}
      const result = await payymo.bankConnections.importStatement(connectionId, file, query, { timeoutMs: PATIENCE_MS })
      return { state: 'done', result }
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
  const wants = WANTS.filter((name) => error.details.some(({ field }) => field === `mapping.${name}`))
  const head = readHead(text)
  return { fault: { message: error.message, unreadable: !head && !isStatement(text) }, head, wants }
}

const WANTS = ['date_format', 'decimal'] as const
