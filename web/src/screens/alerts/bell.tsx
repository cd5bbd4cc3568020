import { Link } from '@tanstack/react-router'
import { Bell as BellIcon } from 'lucide-react'
import { useWords } from '../../app/words.tsx'
import { useFormats } from '../../design/format.ts'
import { useOpenAlerts } from './queries.ts'

const SHOWN_MAX = 99

/** The way to the alerts from everywhere, with how many are open; it follows the news. */
export function Bell() {
  const { alerts: words } = useWords()
  const formats = useFormats()
  const alerts = useOpenAlerts()
  const count = alerts?.count ?? 0
  return (
    <Link
      to="/alerts"
      activeOptions={{ includeSearch: false }}
      activeProps={{ className: 'text-text!', 'aria-current': 'page' }}
      className="relative inline-flex size-10 shrink-0 items-center justify-center rounded-lg text-soft hover:bg-sunken hover:text-text"
    >
      <BellIcon aria-hidden className="size-4.5" />
      {count > 0 && (
        <span
          aria-hidden
          className="tabular absolute top-1 right-0.5 min-w-4.5 rounded-full bg-bad px-1 text-center text-xs leading-4.5 font-semibold text-surface"
        >
          {count > SHOWN_MAX ? `${SHOWN_MAX}+` : count}
        </span>
      )}
      <span className="sr-only">{words.bell(count, formats.count(count) + (alerts?.capped ? '+' : ''))}</span>
    </Link>
  )
}
