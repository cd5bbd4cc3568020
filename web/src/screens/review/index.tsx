import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import { useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Empty, Failed, Waiting } from '../../design/states.tsx'
import { useSay } from '../../design/toast.tsx'
import { useAddress, useLinked } from './address.ts'
import type { Part } from './by-hand.tsx'
import { useDecisions } from './decisions.ts'
import { type Filters, sortsOf, viewSearch } from './filters.ts'
import { Head, SortChoice } from './head.tsx'
import { Help } from './help.tsx'
import { useKeys, useKeysOn } from './keys.ts'
import { List } from './list.tsx'
import { Pane } from './pane.tsx'
import { PaneWaiting } from './pane-waiting.tsx'
import { type Item, useQueue, useWaiting } from './queue.ts'
import { useShown } from './shown.ts'
import { SureAll } from './sure-all.tsx'
import { UndoBooking, useUndo } from './undo.tsx'
import { useAhead } from './work.ts'

const AHEAD = 3

/** What waits for a person: the queue at the side, one item of it to decide, keys for all of it. */
export function Review() {
  const words = useWords()
  const review = words.review
  const filters: Filters = useSearch({ from: '/inside/review' })
  const view = filters.view ?? 'suggested'
  const sort = filters.sort ?? sortsOf(view)[0]!
  const say = useSay()
  const mayDecide = useMay('reviewer')
  const [current, select] = useState<string | undefined>(filters.item)
  const [open, setOpen] = useState<'help' | 'queue' | 'sure'>()
  const [keysOn, setKeysOn] = useKeysOn()

  const navigate = useNavigate()
  const goTo = useCallback(
    ({ key, view: of }: Item) => {
      select(key)
      if (of !== view) void navigate({ to: '/review', search: viewSearch(of) })
    },
    [view, navigate],
  )
  const onFault = useCallback(
    (item: Item, title: string, fault: string | undefined) =>
      say(fault === undefined ? review.late(title) : review.cameBack(title, fault), {
        tone: fault === undefined ? 'neutral' : 'bad',
        action: { label: review.show, run: () => goTo(item) },
      }),
    [say, review, goTo],
  )
  const decisions = useDecisions(onFault)
  const queue = useQueue(view, sort, current)
  const { entries, at, hidden } = useShown(queue.data?.pages, queue.hasNextPage, decisions, view, current)
  const entry = entries[at]
  const waiting = useWaiting(view)
  const count = queue.hasNextPage ? Math.max(entries.length, waiting?.count ?? 0) : entries.length
  const { undo, undoing, endUndo } = useUndo(decisions, goTo)
  const [drafts] = useState(() => new Map<string, readonly Part[]>())
  const help = () => setOpen('help')
  const active = keysOn && open === undefined && !undoing
  useKeys(active && !entry, { u: undo, '?': help })
  useAhead(entries.slice(at, at + 1 + AHEAD))
  useLinked(filters.item, view, queue.data !== undefined, entries, decisions.setPlaced)
  useAddress(filters, entry?.key)
  useEffect(() => {
    document.title = review.title
  }, [review])
  useEffect(() => {
    // News does not cover the buttons at the bottom.
    const { style } = document.documentElement
    style.setProperty('--toasts-above', '3.75rem')
    return () => void style.removeProperty('--toasts-above')
  }, [])

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = queue
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const list = <List entries={entries} current={entry?.key} onSelect={select} onEnd={onEnd} />

  return (
    <div className="flex h-[calc(100dvh-3.5rem-1px)] flex-col lg:h-dvh">
      <Head
        view={view}
        sort={sort}
        hidden={hidden}
        onHelp={help}
        onQueue={() => setOpen('queue')}
        onSure={view === 'suggested' ? () => setOpen('sure') : undefined}
      />
      <div className="flex min-h-0 flex-1">
        {(entries.length > 0 || queue.isPending) && (
          <div className="hidden w-64 shrink-0 flex-col border-r border-line bg-surface xl:flex 2xl:w-76">
            {queue.isPending ? <Waiting rows={9} label={words.states.loading} /> : list}
          </div>
        )}
        <div className="flex min-w-0 flex-1 flex-col">
          {queue.isPending && <PaneWaiting />}
          {queue.isError && !queue.data && <Failed error={queue.error} again={() => void queue.refetch()} />}
          {queue.data && !entry && (
            <Empty
              title={review.empty[view].title}
              action={
                decisions.last() && (
                  <Button shortcut="u" onClick={undo}>
                    {review.act.undo}
                  </Button>
                )
              }
            >
              {review.empty[view].text}
            </Empty>
          )}
          {entry && (
            <Pane
              entry={entry}
              at={at}
              count={count}
              entries={entries}
              decisions={decisions}
              select={select}
              drafts={drafts}
              keysOn={active}
              undo={undo}
              onHelp={help}
            />
          )}
        </div>
      </div>
      {undoing && <UndoBooking done={undoing} decisions={decisions} onClose={endUndo} />}
      <Help open={open === 'help'} onClose={() => setOpen(undefined)} on={keysOn} setOn={setKeysOn} />
      {open === 'queue' && (
        <Dialog open side onClose={() => setOpen(undefined)} title={review.queue}>
          <div className="-m-5 flex h-[calc(100dvh-3.5rem)] flex-col">
            <div className="flex flex-wrap gap-2 border-b border-line p-3 sm:hidden">
              <SortChoice view={view} sort={sort} className="flex-1" />
              {view === 'suggested' && mayDecide && (
                <Button onClick={() => setOpen('sure')}>{review.sureAll.button}</Button>
              )}
            </div>
            <List
              entries={entries}
              current={entry?.key}
              onSelect={(key) => {
                select(key)
                setOpen(undefined)
              }}
              onEnd={onEnd}
            />
          </div>
        </Dialog>
      )}
      {open === 'sure' && (
        <SureAll
          onClose={() => setOpen(undefined)}
          onSent={(matches) =>
            decisions.noteMany(
              matches.map(({ transaction_id }) => ({ key: transaction_id, next: { state: 'sending' } })),
            )
          }
          onResults={(matches, results) => {
            decisions.noteMany(
              matches.map(({ transaction_id }, n) => ({
                key: transaction_id,
                next: results[n]?.error
                  ? { state: 'failed', fault: results[n].error.message }
                  : { state: 'sent', sentAtMs: performance.now() },
              })),
            )
            for (const [n, match] of matches.entries()) {
              if (results[n]?.error) continue
              decisions.remember({
                item: { key: match.transaction_id, view: 'suggested' },
                at: 0,
                deed: { what: 'approve', matchId: match.id, allocations: match.allocations },
                title: match.allocations.map((one) => one.invoice_number).join(', '),
                answer: Promise.resolve({ ...match, status: 'approved' }),
              })
            }
            decisions.refresh()
          }}
        />
      )}
    </div>
  )
}
