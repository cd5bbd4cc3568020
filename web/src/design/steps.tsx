import { Check, Minus, X } from 'lucide-react'
import type { ReactNode } from 'react'

export interface Step {
  title: string
  state: 'done' | 'failed' | 'open'
  text?: ReactNode
  action?: ReactNode
}

const MARKS = { done: Check, failed: X, open: Minus }
const COLOURS = { done: 'bg-good-soft text-good', failed: 'bg-bad-soft text-bad', open: 'bg-sunken text-faint' }

/** What has to be done, or was tried, in its order; each says how it went and what to do. */
export const Steps = ({ steps, words }: { steps: readonly Step[]; words: Record<Step['state'], string> }) => (
  <ol className="flex flex-col">
    {steps.map(({ title, state, text, action }) => {
      const Mark = MARKS[state]
      return (
        <li key={title} className="flex gap-3 border-b border-line py-3 last:border-0">
          <span
            className={`mt-0.5 inline-flex size-5 shrink-0 items-center justify-center rounded-full ${COLOURS[state]}`}
          >
            <Mark aria-hidden className="size-3.5" />
            <span className="sr-only">{words[state]}</span>
          </span>
          <div className="min-w-0 flex-1">
            <p className="font-medium">{title}</p>
            {text !== undefined && <div className="text-sm text-soft">{text}</div>}
          </div>
          {action}
        </li>
      )
    })}
  </ol>
)
