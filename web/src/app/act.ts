import { PayymoError } from '@payymo/sdk'
import { useCallback, useState } from 'react'
import { Declined, useFresh } from './fresh.tsx'
import { AuthError } from './session.ts'
import { useWords } from './words.tsx'

type Faults = Readonly<Record<string, string>>

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
  const [said, setSaid] = useState<{ fault?: string | undefined; faults: Faults }>({ faults: {} })
  const clear = useCallback(() => setSaid({ faults: {} }), [])
  async function run<T>(work: () => PromiseLike<T>, done?: (result: T) => void): Promise<void> {
    setBusy(true)
    clear()
    try {
      const result = await withFresh(async () => work())
      done?.(result)
    } catch (error) {
      if (!(error instanceof Declined)) {
        setSaid(sortFaults(error, fields, { offline: words.states.offlineText, other: words.states.failedText }))
      }
    } finally {
      setBusy(false)
    }
  }
  return { busy, fault: said.fault, faults: said.faults, run, clear }
}

/** Sorts what an error says into what stands at a field (`events` also takes `events.0`) and a sentence about the rest. */
export function sortFaults(
  error: unknown,
  fields: readonly string[],
  words: { offline: string; other: string },
): { fault?: string | undefined; faults: Faults } {
  const details =
    error instanceof PayymoError ? error.details : error instanceof AuthError ? error.faults : ([] as const)
  const faults: Record<string, string> = {}
  const rest: string[] = []
  for (const { field, issue } of details) {
    const at = fields.find((name) => field === name || field.startsWith(`${name}.`))
    if (at !== undefined) faults[at] ??= issue
    // A reason is a word for programs; the message says the same to people.
    else if (field !== 'reason') rest.push(`${field}: ${issue}`)
  }
  if (Object.keys(faults).length > 0 && rest.length === 0) return { faults }
  return { fault: [sentenceOf(error, words), ...rest].join(' '), faults }
}

function sentenceOf(error: unknown, words: { offline: string; other: string }): string {
  if (error instanceof PayymoError) return error.code === 'connection_failed' ? words.offline : error.message
  if (error instanceof AuthError) return error.status === 0 ? words.offline : error.message
  return words.other
}
