import { Search as SearchIcon } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Key } from '../design/key.tsx'
import { withWords } from './lazy-screen.ts'
import { usePlaces } from './places.ts'
import { useWords } from './words.tsx'

const load = withWords(() => import('../screens/search/index.tsx'), ['transactions', 'payouts'])
const Search = lazy(async () => ({ default: (await load()).Search }))

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** The way to find anything: a button, and Ctrl-K or Cmd-K wherever one is. */
export function useSearch() {
  const words = useWords()
  const places = usePlaces()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(isMac ? event.metaKey : event.ctrlKey) || event.altKey || event.shiftKey)
        return
      event.preventDefault()
      // A window that is open is finished first.
      if (!document.querySelector('dialog[open]')) setOpen(true)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
  return {
    button: (
      <button
        type="button"
        aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
        onClick={() => setOpen(true)}
        className="mx-3 mb-1 flex min-h-9 items-center gap-2.5 rounded-lg border border-line-strong bg-surface px-2.5 text-faint hover:bg-sunken hover:text-text"
      >
        <SearchIcon aria-hidden className="size-4" />
        <span className="flex-1 text-left">{words.search.open}</span>
        <Key>{isMac ? '⌘K' : 'Ctrl K'}</Key>
      </button>
    ),
    small: (
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="inline-flex size-10 items-center justify-center rounded-lg hover:bg-sunken"
      >
        <SearchIcon aria-hidden className="size-5" />
        <span className="sr-only">{words.search.open}</span>
      </button>
    ),
    window: open && (
      <Suspense>
        <Search screens={places} onClose={() => setOpen(false)} />
      </Suspense>
    ),
  }
}
