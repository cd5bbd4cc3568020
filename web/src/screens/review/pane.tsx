import type { Invoice } from '@payymo/sdk'
import { useLayoutEffect, useRef } from 'react'
import { useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { classes } from '../../design/classes.ts'
import { useFormats } from '../../design/format.ts'
import { Failed } from '../../design/states.tsx'
import { ActionBar, type Acts, NoRight } from './actions.tsx'
import { Bars } from './bars.tsx'
import { ByHand, type Part } from './by-hand.tsx'
import { nameOf } from './compare.ts'
import { type Deed, type useDecisions } from './decisions.ts'
import { Doubt, RESOLUTIONS } from './doubt.tsx'
import { type Entry, nextOf } from './entries.ts'
import { Face } from './face.tsx'
import { Gone } from './gone.tsx'
import { useKeys } from './keys.ts'
import { sumOf } from '../../design/money.ts'
import { useMine } from './mine.ts'
import { NoteDialog } from './note.tsx'
import { PaneHead } from './pane-head.tsx'
import { PaneWaiting } from './pane-waiting.tsx'
import { Rivals } from './rivals.tsx'
import { Banner, Refused, Why } from './why.tsx'
import { isWord, type Proposal, PROPOSALS_MAX } from './proposals.ts'
import { isPaymentItem, useWork } from './work.ts'

/** One item to decide, its keys and its buttons. */
export function Pane({
  entry,
  at,
  count,
  entries,
  decisions,
  select,
  drafts,
  keysOn,
  undo,
  onHelp,
}: {
  entry: Entry
  at: number
  /** How many wait, loaded or not. */
  count: number
  entries: readonly Entry[]
  decisions: ReturnType<typeof useDecisions>
  select: (key: string) => void
  /** What was put together by hand and not booked yet, by the item's key: it is there again after a refusal. */
  drafts: Map<string, readonly Part[]>
  keysOn: boolean
  undo: () => void
  onHelp: () => void
}) {
  const words = useWords()
  const review = words.review
  const formats = useFormats()
  const mayDecide = useMay('reviewer')
  const work = useWork(entry)
  const { transaction: line, match, proposals, invoices, candidates } = work
  const pays = isPaymentItem(entry)
  const mine = useMine(entry.key, proposals, work.isPending, drafts)
  const { proposal, resolution, open, parts, change } = mine
  const scroll = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (scroll.current) scroll.current.scrollTop = 0
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another item begins at its top
  }, [entry.key])

  const title = titleOf(proposal, invoices, line?.counterparty.name ?? '', (amount, currency) =>
    formats.amount(amount, currency),
  )
  const move = (to: number) => {
    const next = entries[to]
    if (next) select(next.key)
  }
  const goOn = () => {
    const next = nextOf(entries, entry.key)
    decisions.setPlaced((all) => all.filter(({ item }) => item.key !== entry.key))
    if (next !== undefined) select(next)
  }
  const act = (deed: Deed, about = title) => {
    if (entry.gone) return goOn()
    const next = nextOf(entries, entry.key)
    if (next !== undefined) select(next)
    decisions.decide({ key: entry.key, view: entry.view }, at, deed, about)
  }
  /** After what somebody else decided, any key of a decision only goes on: nobody decides the next item by accident. */
  const unlessGone = (work: () => void) => () => (entry.gone ? goOn() : work())

  const approve = unlessGone(() => {
    if (pays) {
      if (resolution) act({ what: 'resolve', resolution })
      return
    }
    if (!proposal || !line) return change({ said: review.nothingToApprove })
    if (mine.changed) return mine.look()
    const other = proposal.allocations.find(({ currency }) => currency !== line.currency)
    if (other) return change({ said: review.currencies(line.currency, other.currency) })
    const { allocations } = proposal
    act(proposal.match ? { what: 'approve', matchId: proposal.match.id, allocations } : { what: 'byHand', allocations })
  })
  const reject = unlessGone(() => {
    if (match?.status === 'failed') return act({ what: 'release', matchId: match.id })
    if (match?.status !== 'suggested') return change({ said: review.nothingToReject })
    act({ what: 'reject', matchId: match.id, allocations: match.allocations })
  })
  const byHand = (how: 'hand' | 'split') =>
    unlessGone(() => {
      const begun = how === 'split' && parts.length === 0 && proposal
      change({ open: how, ...(begun ? { parts: partsOf(proposal, invoices, line?.currency) } : {}) })
    })
  const acts: Acts = {
    approve: (pays ? resolution : proposal) === undefined ? undefined : approve,
    reject: (match?.status === 'suggested' || match?.status === 'failed') && !pays ? reject : undefined,
    search: pays || !line ? undefined : byHand('hand'),
    split: pays || !line ? undefined : byHand('split'),
    ignore: pays || entry.view === 'failed' ? undefined : unlessGone(() => act({ what: 'ignore' })),
    note: line && (() => change({ open: 'note' })),
    undo,
    help: onHelp,
  }
  const choose = (n: number) => {
    if (!pays) mine.choose(n)
    else if (RESOLUTIONS[n]) change({ resolution: RESOLUTIONS[n] })
  }
  const digits = Object.fromEntries(Array.from({ length: PROPOSALS_MAX }, (_, n) => [`${n + 1}`, () => choose(n)]))
  const moves = { j: () => move(at + 1), k: () => move(at - 1), '?': onHelp }
  const decides = mayDecide
    ? { a: approve, r: reject, m: acts.search, s: acts.split, i: acts.ignore, n: acts.note, u: undo }
    : {}
  useKeys(keysOn && open === undefined, {
    ...moves,
    ...digits,
    ...decides,
    Enter: entry.gone ? goOn : undefined,
    Escape: () => {
      if (!pays) mine.choose(0)
      change({ resolution: undefined, said: undefined })
      if (entry.fault !== undefined && !entry.gone) decisions.clearFault(entry.key)
    },
  })

  if (work.error !== undefined) return <Failed error={work.error} />
  return (
    <>
      <div ref={scroll} className="flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-5xl flex-col gap-3 p-3 sm:p-4">
          <PaneHead
            payer={line?.counterparty.name ?? ''}
            confidence={pays || !proposal ? undefined : isWord(proposal) ? 'word' : proposal.confidence}
            isRival={mine.chosenAt > 0}
            at={at}
            count={count}
            move={move}
          />
          <p role="status" className="sr-only">
            {line && `${review.place(`${at + 1}`, `${count}`)}: ${title}`}
          </p>
          {entry.gone && <Gone entry={entry} onGoOn={goOn} />}
          {entry.fault !== undefined && !entry.gone && (
            <Banner title={review.failed} tone="bad">
              {entry.fault}
            </Banner>
          )}
          {mine.changed && !entry.gone && (
            <div role="alert">
              <Banner title={review.changed} tone="warn" />
            </div>
          )}
          {mine.said !== undefined && (
            <div role="alert">
              <Banner title={mine.said} tone="warn" />
            </div>
          )}
          {!line && work.isPending && <PaneWaiting />}
          {line && (entry.view === 'quarantined' || entry.view === 'reversals') && (
            <Doubt
              view={entry.view}
              work={work}
              chosen={resolution}
              onChoose={(next) => change({ resolution: next })}
            />
          )}
          {line && (
            <div className={entry.gone ? 'opacity-55' : undefined}>
              <Face line={line} proposal={proposal} invoices={invoices} booked={entry.view === 'reversals'} />
            </div>
          )}
          {line && !pays && match?.status === 'failed' && <Refused matchId={match.id} />}
          {line && !pays && match?.status !== 'failed' && !entry.gone && proposal && <Why work={work} />}
          {line && !pays && !entry.gone && (proposal || (candidates && candidates.ruled_out.length > 0)) && (
            <div
              className={classes(
                'grid grid-cols-[minmax(0,1fr)] items-start gap-3',
                proposal && 'md:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)]',
              )}
            >
              {proposal && <Bars proposal={proposal} />}
              <Rivals
                proposals={proposals}
                chosen={mine.chosenAt}
                invoices={invoices}
                candidates={candidates}
                onChoose={choose}
              />
            </div>
          )}
        </div>
      </div>
      {mayDecide ? (
        <ActionBar
          acts={acts}
          approveLabel={pays ? review.act.doIt : match?.status === 'failed' ? review.act.again : review.act.approve}
          rejectLabel={match?.status === 'failed' ? review.act.release : review.act.reject}
        />
      ) : (
        <NoRight />
      )}
      {line && <NoteDialog line={line} open={open === 'note'} onClose={() => change({ open: undefined })} />}
      {line && (open === 'hand' || open === 'split') && (
        <ByHand
          line={line}
          title={open === 'split' ? review.hand.splitTitle : review.hand.searchTitle}
          parts={parts}
          setParts={(next) => change({ parts: next })}
          onClose={() => change({ open: undefined })}
          onBook={(allocations) => {
            change({ open: undefined })
            act({ what: 'byHand', allocations }, parts.map(({ invoice }) => nameOf(invoice)).join(', '))
          }}
        />
      )}
    </>
  )
}

/** What a split begins with. Money of another currency cannot be split. */
const partsOf = (proposal: Proposal, invoices: ReadonlyMap<string, Invoice>, currency: string | undefined): Part[] =>
  proposal.allocations.flatMap(({ invoice_id, amount }) => {
    const invoice = invoices.get(invoice_id)
    return invoice?.currency === currency && invoice ? [{ invoice, typed: amount }] : []
  })

function titleOf(
  proposal: Proposal | undefined,
  invoices: ReadonlyMap<string, Invoice>,
  payer: string,
  show: (amount: string, currency: string) => string,
): string {
  if (!proposal) return payer
  const numbers =
    proposal.match?.allocations.map((one) => one.invoice_number) ??
    proposal.allocations.flatMap(({ invoice_id }) => {
      const invoice = invoices.get(invoice_id)
      return invoice ? [nameOf(invoice)] : []
    })
  const amount = sumOf(proposal.allocations.map((one) => one.amount))
  return `${numbers.join(', ')} · ${payer} · ${show(amount, proposal.allocations[0]!.currency)}`
}
