import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export interface Moment {
  id: string
  icon: LucideIcon
  tone?: 'neutral' | 'good' | 'warn' | 'bad' | 'info'
  text: ReactNode
  /** Who and when. */
  about: ReactNode
  more?: ReactNode
}

const TONES = {
  neutral: 'bg-sunken text-soft',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  info: 'bg-info-soft text-info',
}

/** What happened, one under the other on a line. */
export const Timeline = ({ moments }: { moments: readonly Moment[] }) => (
  <ol className="px-4 py-4">
    {moments.map(({ id, icon: Icon, tone = 'neutral', text, about, more }) => (
      <li key={id} className="group relative flex gap-3 pb-5 last:pb-0">
        <span aria-hidden className="absolute top-7 bottom-0 left-3.25 w-px bg-line group-last:hidden" />
        <span
          className={classes('z-1 inline-flex size-7 shrink-0 items-center justify-center rounded-full', TONES[tone])}
        >
          <Icon aria-hidden className="size-3.5" />
        </span>
        <div className="min-w-0 flex-1 pt-0.5">
          <p className="break-words">{text}</p>
          <p className="text-sm text-faint">{about}</p>
          {more}
        </div>
      </li>
    ))}
  </ol>
)
