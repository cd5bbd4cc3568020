import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

const LOOKS = {
  good: { Icon: CircleCheck, colours: 'bg-good-soft text-good' },
  info: { Icon: Info, colours: 'bg-info-soft text-info' },
  warn: { Icon: TriangleAlert, colours: 'bg-warn-soft text-warn' },
  bad: { Icon: CircleAlert, colours: 'bg-bad-soft text-bad' },
}

/** What a person should know before anything else on the page, and what can be done about it. */
export function Notice({
  tone,
  children,
  action,
}: {
  tone: keyof typeof LOOKS
  children: ReactNode
  action?: ReactNode
}) {
  const { Icon, colours } = LOOKS[tone]
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={`flex flex-wrap items-center justify-between gap-3 rounded-xl px-4 py-3 ${colours}`}
    >
      <div className="flex min-w-0 flex-1 items-start gap-2.5">
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
        <div className="min-w-0">{children}</div>
      </div>
      {action}
    </div>
  )
}
