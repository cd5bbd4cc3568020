import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import { useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { isSetUp, nextOf, STEPS } from './progress.ts'
import { useStandings } from './queries.ts'

/** On the overview until everything that is needed is set up, for those who can set it up. */
export function StartCard() {
  const { start: words } = useWords()
  const may = useMay('admin')
  const { standings } = useStandings()
  if (!may || !standings || isSetUp(standings)) return null
  const done = STEPS.filter((name) => standings[name] === 'done').length
  const next = nextOf(standings)
  return (
    <Link
      to="/start"
      className="group flex flex-wrap items-center gap-x-5 gap-y-2 rounded-xl border border-brand bg-surface px-4 py-3.5 hover:bg-sunken"
    >
      <span className="min-w-[min(100%,14rem)] flex-1">
        <span className="block font-semibold">{words.title}</span>
        <span className="block text-soft">{next && words.next(words.steps[next].title)}</span>
      </span>
      <span className="flex items-center gap-3">
        <span aria-hidden className="flex gap-1">
          {STEPS.map((name) => (
            <span
              key={name}
              className={`h-1.5 w-7 rounded-full ${standings[name] === 'done' ? 'bg-good' : 'bg-line-strong'}`}
            />
          ))}
        </span>
        <span className="tabular text-sm text-soft">{words.doneOf(done, STEPS.length)}</span>
        <ArrowRight aria-hidden className="size-4 text-faint group-hover:text-text" />
      </span>
    </Link>
  )
}
