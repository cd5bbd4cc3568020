import { PayymoError } from '@payymo/sdk'
import type { ReactNode } from 'react'
import { OutOfReach } from '../app/lazy-screen.ts'
import { useWords } from '../app/words.tsx'
import { Button } from './button.tsx'

/** Nothing here, and why, and what to do about it. */
export const Empty = ({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) => (
  <div className="flex flex-col items-center gap-2 px-6 py-14 text-center">
    <p className="text-lg font-semibold">{title}</p>
    {children !== undefined && <p className="max-w-[46ch] text-balance text-soft">{children}</p>}
    {action !== undefined && <div className="mt-3">{action}</div>}
  </div>
)

/** What went wrong, in the words of the API, and the way on. */
export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  const words = useWords()
  const api = error instanceof PayymoError ? error : undefined
  const offline = api?.code === 'connection_failed' || error instanceof OutOfReach || (!api && !navigator.onLine)
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      <p className="text-lg font-semibold">{offline ? words.states.offline : words.states.failed}</p>
      <p className="max-w-[52ch] text-balance text-soft">
        {offline ? words.states.offlineText : (api?.message ?? words.states.failedText)}
      </p>
      {api?.requestId !== undefined && <p className="font-mono text-xs text-faint">{api.requestId}</p>}
      {again && (
        <Button className="mt-3" onClick={again}>
          {words.states.again}
        </Button>
      )}
    </div>
  )
}

/** The place of what is coming, in its size: nothing jumps when it is there. */
export const Waiting = ({ rows = 6, label }: { rows?: number; label: string }) => (
  <div role="status" aria-label={label} className="divide-y divide-line">
    {Array.from({ length: rows }, (_, row) => (
      <div key={row} className="flex h-14 items-center gap-4 px-4">
        <span className="h-3 w-20 animate-pulse rounded bg-sunken" />
        <span className="h-3 flex-1 animate-pulse rounded bg-sunken" />
        <span className="h-3 w-24 animate-pulse rounded bg-sunken" />
      </div>
    ))}
  </div>
)
