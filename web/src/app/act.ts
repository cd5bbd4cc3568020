import { PayymoError } from '@payymo/sdk'
import { useCallback, useState } from 'react'
import { type Faults, sortFaults } from './faults.ts'
import { Declined, useFresh } from './fresh.tsx'
import { AuthError } from './session.ts'
import { useWords } from './words.tsx'

interface Said {
  fault?: string
  faults: Faults
}

interface Other {
  offline: string
  other: string
}

export interface Act {
  busy: boolean
  /** What went wrong as a whole, in a sentence. */
  fault: string | undefined
  /** What is wrong with each of the fields named. */
  faults: Faults
  /** Does the work, with the password asked for where it is wanted; `done` is called when it went well. */
  run<T>(work: () => PromiseLike<T>, done?: (result: T) => void): Promise<void>
  clear(): void
}

/** The state of something a person does: at work, done, or refused, and by what. `fields`: those the form can show a fault at; the
 *  faults of others join the sentence. */
export function useAct(fields: readonly string[] = []): Act {
  const words = useWords()
  const withFresh = useFresh()
  const [busy, setBusy] = useState(false)
  const [said, setSaid] = useState<Said>({ faults: {} })
  const clear = useCallback(() => setSaid({ faults: {} }), [])
  async function run<T>(work: () => PromiseLike<T>, done?: (result: T) => void): Promise<void> {
    setBusy(true)
    clear()
    try {
      const result = await withFresh(async () => work())
      done?.(result)
    } catch (error) {
      if (!(error instanceof Declined)) {
        setSaid(saidOf(error, fields, { offline: words.states.offlineText, other: words.states.failedText }))
      }
    } finally {
      setBusy(false)
    }
  }
  return { busy, fault: said.fault, faults: said.faults, run, clear }
}

function saidOf(error: unknown, fields: readonly string[], words: Other): Said {
  const details = error instanceof PayymoError ? error.details : error instanceof AuthError ? error.faults : []
  const { faults, rest } = sortFaults(details, fields)
  if (Object.keys(faults).length > 0 && rest.length === 0) return { faults }
  return { fault: [sentenceOf(error, words), ...rest].join(' '), faults }
}

function sentenceOf(error: unknown, words: Other): string {
  if (error instanceof PayymoError) return error.code === 'connection_failed' ? words.offline : error.message
  if (error instanceof AuthError) return error.status === 0 ? words.offline : error.message
  return words.other
}
