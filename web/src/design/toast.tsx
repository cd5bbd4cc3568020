import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react'
import { classes } from './classes.ts'

interface Note {
  id: number
  text: string
  tone: 'neutral' | 'bad'
  action?: { label: string; run: () => void }
}

type Say = (text: string, options?: { tone?: Note['tone']; action?: Note['action'] }) => void

const Context = createContext<Say>(() => {})
/** Long enough to read, and to reach what can be undone. */
const SHOWN_MS = 6_000

/** Short news at the edge of the screen, read out to those who do not see it; the last three stay. */
export function Toasts({ children }: { children: ReactNode }) {
  const [notes, setNotes] = useState<Note[]>([])
  const next = useRef(1)
  const drop = useCallback((id: number) => setNotes((all) => all.filter((note) => note.id !== id)), [])
  const say = useCallback<Say>(
    (text, { tone = 'neutral', action } = {}) => {
      const id = next.current++
      setNotes((all) => [...all.slice(-2), { id, text, tone, ...(action ? { action } : {}) }])
      setTimeout(() => drop(id), SHOWN_MS)
    },
    [drop],
  )
  const value = useMemo(() => say, [say])
  return (
    <Context value={value}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-0 bottom-(--toasts-above,0px) z-50 flex flex-col items-center gap-2 p-4"
      >
        {notes.map(({ id, text, tone, action }) => (
          <div
            key={id}
            className={classes(
              'pointer-events-auto flex max-w-[min(32rem,100%)] items-center gap-4 rounded-xl border px-4 py-2.5 shadow-card',
              tone === 'bad' ? 'border-bad bg-bad-soft text-bad' : 'border-line-strong bg-surface',
            )}
          >
            <span className="min-w-0">{text}</span>
            {action && (
              <button
                type="button"
                className="shrink-0 font-semibold underline underline-offset-4"
                onClick={() => {
                  drop(id)
                  action.run()
                }}
              >
                {action.label}
              </button>
            )}
          </div>
        ))}
      </div>
    </Context>
  )
}

export const useSay = (): Say => useContext(Context)
