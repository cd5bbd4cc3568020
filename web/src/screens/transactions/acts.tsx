import type { InvoiceMatch, Transaction } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { Check, EyeOff, Pencil, RotateCw, Search, Undo2, X } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { useSay } from '../../design/toast.tsx'
import { ByHand, type Part } from '../review/by-hand.tsx'
import { NoteDialog } from '../review/note.tsx'
import { isBookedBefore } from './queries.ts'
import { Reverse } from './reverse.tsx'

const icon = (Icon: typeof Check) => <Icon aria-hidden className="size-4" />

/** What can be done with a line, by what stands of it. */
export function useActs(line: Transaction, match: InvoiceMatch | undefined) {
  const words = useWords()
  const texts = words.transactions
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const act = useAct()
  const mayDecide = useMay('reviewer')
  const [open, setOpen] = useState<'hand' | 'note' | 'reverse'>()
  // It stands no longer once it is taken back; what became of it stays to be read.
  const [reversing, setReversing] = useState<InvoiceMatch>()
  const reverse = (taken: InvoiceMatch) => {
    setReversing(taken)
    setOpen('reverse')
  }
  const [parts, setParts] = useState<readonly Part[]>([])
  const close = () => setOpen(undefined)
  const readAnew = () => {
    for (const name of ['transactions', 'matches', 'payments', 'invoices'])
      void client.invalidateQueries({ queryKey: [name] })
  }
  const decide = (status: 'approved' | 'rejected') => {
    if (!match) return
    void act.run(
      () => payymo.invoiceMatches.update(match.id, { status }),
      () => {
        readAnew()
        say(texts.did[status])
      },
    )
  }
  const letGo = () => {
    if (!match) return
    void act.run(
      () => payymo.invoiceMatches.release(match.id),
      () => {
        readAnew()
        say(texts.did.released)
      },
    )
  }
  const setStatus = (status: 'ignored' | 'processed') =>
    void act.run(
      () => payymo.transactions.update(line.id, { status }),
      () => {
        readAnew()
        say(texts.did[status], {
          action: { label: words.app.undo, run: () => setStatus(status === 'ignored' ? 'processed' : 'ignored') },
        })
      },
    )
  const book = (allocations: readonly { invoice_id: string; amount: string }[]) => {
    // What was put together stays where it is until it is booked: a refusal loses nothing.
    close()
    void act.run(
      () =>
        payymo.invoiceMatches.create({
          transaction_id: line.id,
          allocations: allocations.map(({ invoice_id, amount }) => ({ invoice_id, amount })),
        }),
      () => {
        setParts([])
        readAnew()
        say(texts.did.byHand)
      },
    )
  }
  const isLive = line.status === 'processed'
  const isSuggested = isLive && match?.status === 'suggested'
  const isFailed = isLive && match?.status === 'failed'
  const isFree = isLive && line.direction === 'credit' && ['unmatched', 'suggested'].includes(line.match_status)
  const mayIgnore = isLive && ['unmatched', 'suggested'].includes(line.match_status)
  const mayReverse =
    match !== undefined &&
    (match.status === 'applied' || (match.status === 'approved' && isBookedBefore(match))) &&
    (match.reversal === null || match.reversal.state === 'done')
  return {
    fault: act.fault,
    /** Puts invoices together for booking; undefined where nothing can be booked. */
    take:
      mayDecide && isFree
        ? (chosen: readonly Part[]) => {
            setParts(chosen)
            setOpen('hand')
          }
        : undefined,
    /** Beside the verdict: what decides. */
    deciding: mayDecide && (isSuggested || isFree || isFailed) && (
      <div className="flex flex-wrap gap-2">
        {isFailed && (
          <>
            <Button weight="primary" busy={act.busy} icon={icon(RotateCw)} onClick={() => decide('approved')}>
              {words.review.act.again}
            </Button>
            <Button disabled={act.busy} icon={icon(X)} onClick={letGo}>
              {texts.letGo}
            </Button>
          </>
        )}
        {isSuggested && (
          <>
            <Button weight="primary" busy={act.busy} icon={icon(Check)} onClick={() => decide('approved')}>
              {words.review.act.approve}
            </Button>
            <Button disabled={act.busy} icon={icon(X)} onClick={() => decide('rejected')}>
              {words.review.act.reject}
            </Button>
          </>
        )}
        <Button
          weight={isSuggested || isFailed ? 'plain' : 'primary'}
          disabled={act.busy}
          icon={icon(Search)}
          onClick={() => setOpen('hand')}
        >
          {words.review.act.search}
        </Button>
      </div>
    ),
    others: mayDecide && (
      <>
        <Button icon={icon(Pencil)} onClick={() => setOpen('note')}>
          {words.review.act.note}
        </Button>
        {mayIgnore && (
          <Button busy={act.busy} icon={icon(EyeOff)} onClick={() => setStatus('ignored')}>
            {words.review.act.ignore}
          </Button>
        )}
        {line.status === 'ignored' && (
          <Button busy={act.busy} icon={icon(Undo2)} onClick={() => setStatus('processed')}>
            {texts.unignore}
          </Button>
        )}
        {mayReverse && (
          <Button weight="danger" icon={icon(Undo2)} onClick={() => reverse(match)}>
            {isBookedBefore(match) ? texts.release : texts.reverse}
          </Button>
        )}
      </>
    ),
    dialogs: (
      <>
        {open === 'hand' && (
          <ByHand
            line={line}
            title={words.review.hand.searchTitle}
            parts={parts}
            setParts={setParts}
            onBook={book}
            onClose={close}
          />
        )}
        <NoteDialog line={line} open={open === 'note'} onClose={close} />
        {reversing && (
          <Reverse match={match?.id === reversing.id ? match : reversing} open={open === 'reverse'} onClose={close} />
        )}
      </>
    ),
  }
}
