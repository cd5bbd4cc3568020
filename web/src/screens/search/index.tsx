import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowLeftRight, Landmark, LayoutGrid, ReceiptText, UsersRound } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { classes } from '../../design/classes.ts'
import { useFormats } from '../../design/format.ts'
import { find, findScreens, type Hit, hitOfId } from './find.ts'

const TYPING_MS = 220
const ICONS = {
  screens: LayoutGrid,
  transactions: ArrowLeftRight,
  invoices: ReceiptText,
  clients: UsersRound,
  payouts: Landmark,
}

/** One field that finds everything: arrows choose, Enter opens, Escape closes. `screens`: those the reader may open. */
export function Search({
  screens,
  onClose,
}: {
  screens: readonly { to: string; label: string }[]
  onClose: () => void
}) {
  const words = useWords().search
  const navigate = useNavigate()
  const dialog = useRef<HTMLDialogElement>(null)
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const [wanted, setWanted] = useState(false)
  const { hits, state } = useHits(typed, screens)
  const marked = Math.min(at, hits.length - 1)
  useEffect(() => dialog.current?.showModal(), [])
  const open = (hit: Hit | undefined) => {
    if (!hit) return
    onClose()
    if ('id' in hit.go) void navigate({ to: hit.go.to, params: { id: hit.go.id } })
    else void navigate({ to: hit.go.to })
  }
  useEffect(() => {
    if (!wanted || state === 'waiting') return
    setWanted(false)
    open(hits[0])
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only the end of the search opens what was wanted
  }, [wanted, state])
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      // From the last to the first, and back.
      setAt(hits.length === 0 ? 0 : (marked + step + hits.length) % hits.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      // Screens stand there at once; what is still searched for opens as soon as it is found.
      if (state !== 'waiting' || hits[marked]?.kind === 'screens') open(hits[marked])
      else setWanted(true)
    }
  }
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- Escape closes it too
    <dialog
      ref={dialog}
      aria-label={words.title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      className="mx-auto mt-[10dvh] mb-0 w-[calc(100%-1.5rem)] max-w-xl overflow-clip rounded-2xl border border-line bg-surface p-0 text-text shadow-card"
    >
      <div className="flex max-h-[75dvh] flex-col">
        <input
          type="text"
          inputMode="search"
          enterKeyHint="go"
          role="combobox"
          aria-label={words.title}
          aria-expanded={hits.length > 0}
          aria-controls="search-hits"
          aria-activedescendant={marked >= 0 ? `hit-${marked}` : undefined}
          autoComplete="off"
          placeholder={words.placeholder}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setAt(0)
            setWanted(false)
          }}
          onKeyDown={press}
          className="min-h-14 w-full shrink-0 border-b border-line bg-transparent px-5 text-lg outline-none placeholder:text-faint"
        />
        <div
          id="search-hits"
          role="listbox"
          aria-label={words.title}
          className="min-h-0 overflow-y-auto p-2 empty:hidden"
        >
          {hits.map((hit, index) => (
            <HitLine
              key={`${hit.kind} ${hit.key}`}
              hit={hit}
              id={`hit-${index}`}
              first={hits[index - 1]?.kind !== hit.kind}
              marked={index === marked}
              onOpen={() => open(hit)}
              onPoint={() => setAt(index)}
            />
          ))}
        </div>
        <p role="status" className={classes('px-5 py-3 text-sm', state === 'failed' ? 'text-bad' : 'text-faint')}>
          {state === 'failed'
            ? words.failed
            : state === 'waiting'
              ? words.waiting
              : hits.length === 0
                ? words.none(typed.trim())
                : words.keys}
        </p>
      </div>
    </dialog>
  )
}

function useHits(
  typed: string,
  screens: readonly { to: string; label: string }[],
): { hits: Hit[]; state: 'ready' | 'waiting' | 'failed' } {
  const payymo = useApi()
  const words = useWords()
  const formats = useFormats()
  const [sought, setSought] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setSought(typed.trim()), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed])
  const query = useQuery({
    queryKey: ['search', sought],
    queryFn: ({ signal }) =>
      find(
        payymo,
        sought,
        { day: formats.day, unknownPayer: words.transactions.unknownPayer, payout: words.payouts.one },
        signal,
      ),
    enabled: sought !== '',
    placeholderData: keepPreviousData,
  })
  const now = typed.trim()
  const byId = hitOfId(now)
  const hits = [...(byId ? [byId] : []), ...findScreens(screens, now), ...(now === '' ? [] : (query.data ?? []))]
  const waits = now !== '' && (now !== sought || query.isFetching)
  return { hits, state: waits ? 'waiting' : query.isError && now !== '' ? 'failed' : 'ready' }
}

function HitLine({
  hit,
  id,
  first,
  marked,
  onOpen,
  onPoint,
}: {
  hit: Hit
  id: string
  /** The first of its kind, which is named above it. */
  first: boolean
  marked: boolean
  onOpen: () => void
  onPoint: () => void
}) {
  const words = useWords().search
  const formats = useFormats()
  const row = useRef<HTMLDivElement>(null)
  const Icon = ICONS[hit.kind]
  useEffect(() => {
    if (marked) row.current?.scrollIntoView({ block: 'nearest' })
  }, [marked])
  return (
    <>
      {first && (
        <p aria-hidden className="px-3 pt-2 pb-1 text-xs font-medium text-faint first:pt-0.5">
          {words.kinds[hit.kind]}
        </p>
      )}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- keys stay in the field, which moves through the options */}
      <div
        ref={row}
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={marked}
        onClick={onOpen}
        onMouseMove={marked ? undefined : onPoint}
        className={classes(
          'flex min-h-10 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5',
          marked && 'bg-sunken outline-2 -outline-offset-2 outline-focus',
        )}
      >
        <Icon aria-hidden className="size-4 shrink-0 text-faint" />
        <span className="sr-only">{words.kinds[hit.kind]}: </span>
        <span className={classes('min-w-0 truncate', hit.about !== '' && 'max-w-[60%] shrink-0')}>{hit.title}</span>
        <span className="min-w-0 flex-1 truncate text-sm text-faint">{hit.about}</span>
        {hit.amount && (
          <span className="tabular text-sm whitespace-nowrap text-soft">
            {formats.amount(hit.amount.amount, hit.amount.currency)}
          </span>
        )}
      </div>
    </>
  )
}
