import { useState } from 'react'
import { useWords } from '../../../app/words.tsx'
import { useFormats } from '../../../design/format.ts'
import { consentShare, daysLeft } from './days.ts'

const RADIUS = 34
const ROUND = 2 * Math.PI * RADIUS
const SOON_DAYS = 14

/** How long the bank still lets itself be read: days in a ring that empties. */
export function ConsentRing({ expiresAt }: { expiresAt: string }) {
  const words = useWords()
  const formats = useFormats()
  const [nowMs] = useState(() => Date.now())
  const days = daysLeft(expiresAt, nowMs)
  const colour = days === 0 ? 'text-bad' : days <= SOON_DAYS ? 'text-warn' : 'text-good'
  const day = formats.day(expiresAt)
  return (
    <div className="flex items-center gap-4">
      <div aria-hidden className={`relative size-20 shrink-0 ${colour}`}>
        <svg viewBox="0 0 80 80" className="size-20 -rotate-90" aria-hidden>
          <circle cx="40" cy="40" r={RADIUS} fill="none" strokeWidth="7" className="stroke-sunken" />
          <circle
            cx="40"
            cy="40"
            r={RADIUS}
            fill="none"
            stroke="currentColor"
            strokeWidth="7"
            strokeLinecap="round"
            strokeDasharray={`${ROUND * consentShare(days)} ${ROUND}`}
          />
        </svg>
        <span
          aria-hidden
          className="tabular absolute inset-0 flex items-center justify-center text-xl font-semibold text-text"
        >
          {formats.count(days)}
        </span>
      </div>
      <div className="min-w-0">
        <p className="font-medium">{words.banks.consentRing(days)}</p>
        <p className="text-sm text-soft">
          {days === 0 ? words.banks.consentEnded(day) : words.banks.consentUntil(day)}
        </p>
        <p className="text-sm text-faint">{words.banks.consentText}</p>
      </div>
    </div>
  )
}
