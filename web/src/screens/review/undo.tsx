import type { Invoice, InvoiceMatch, Payymo } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { useSay } from '../../design/toast.tsx'
import { type Done, faultOf, type useDecisions } from './decisions.ts'
import type { Item } from './queue.ts'

type Decisions = ReturnType<typeof useDecisions>

const LOOK_MS = 1_000
const LOOKS_MAX = 40

/** Undoes the last decision, and goes back to it. What is booked is asked about first: `undoing`. */
export function useUndo(decisions: Decisions, goTo: (item: Item) => void) {
  const words = useWords()
  const texts = words.review.undo
  const say = useSay()
  const [undoing, setUndoing] = useState<Done>()
  const undo = () => {
    const last = decisions.last()
    if (!last) return say(texts.none)
    if (last.deed.what === 'approve' || last.deed.what === 'byHand') return setUndoing(last)
    if (last.deed.what === 'resolve') return say(texts.resolved)
    if (last.deed.what === 'release') return say(texts.released)
    decisions.undo(last).then(
      () => {
        say(last.deed.what === 'ignore' ? texts.ignored(last.title) : texts.rejected(last.title))
        goTo(last.item)
      },
      (error: unknown) => say(faultOf(error, words.states.offlineText), { tone: 'bad' }),
    )
  }
  const endUndo = (undone: boolean) => {
    if (undone && undoing) goTo(undoing.item)
    setUndoing(undefined)
  }
  return { undo, undoing, endUndo }
}

/** Taking a booking back writes in WHMCS, and not everything comes back: it is asked for, says before what stays, and says after
 *  what the server found. Only what is booked can be taken back, so a booking under way is waited for. */
export function UndoBooking({
  done,
  decisions,
  onClose,
}: {
  done: Done
  decisions: Decisions
  /** `true`: the item is back in the queue. */
  onClose: (undone: boolean) => void
}) {
  const words = useWords()
  const undo = words.review.undo
  const payymo = useApi()
  const [state, setState] = useState<'ask' | 'busy' | 'told'>('ask')
  const [waits, setWaits] = useState(false)
  const [fault, setFault] = useState<string>()
  const [reversal, setReversal] = useState<InvoiceMatch['reversal']>(null)
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (state === 'told') close.current?.focus()
  }, [state])
  const stop = useRef(new AbortController())
  useEffect(() => {
    stop.current = new AbortController()
    return () => stop.current.abort()
  }, [])

  const left = reversal?.left ?? []
  const stays = useStays(done)

  async function takeBack() {
    setState('busy')
    setFault(undefined)
    try {
      const match = await done.answer
      const settled = match && (await whenSettled(payymo, match, stop.current.signal, () => setWaits(true)))
      if (!settled || settled.status === 'approved') return fail(undo.late)
      if (settled.status === 'failed') return fail(undo.notBooked)
      const after = await payymo.invoiceMatches.update(settled.id, { status: 'reversed' })
      setReversal(after.reversal)
      setState('told')
      decisions.forget(done)
      decisions.putBack(done)
    } catch (error) {
      if (!stop.current.signal.aborted) fail(faultOf(error, words.states.offlineText))
    }
  }
  const fail = (words: string) => {
    setFault(words)
    setState('ask')
  }
  return (
    <Dialog
      open
      onClose={() => onClose(state === 'told')}
      title={state !== 'told' ? undo.title : reversal?.state === 'pending' ? undo.under : undo.done}
      footer={
        state === 'told' ? (
          <Button ref={close} weight="primary" onClick={() => onClose(true)}>
            {words.app.close}
          </Button>
        ) : (
          <>
            <Button onClick={() => onClose(false)}>{words.app.cancel}</Button>
            <Button weight="danger" data-first busy={state === 'busy'} onClick={() => void takeBack()}>
              {undo.confirm}
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-3">
        {state !== 'told' && <p>{undo.text(done.title)}</p>}
        {(state !== 'told' || left.length > 0) && <p className="font-medium">{undo.stays}</p>}
        <ul className="list-disc space-y-1 pl-5 text-soft empty:hidden">
          {(state === 'told' ? left : stays).map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
        <div aria-live="polite">
          {state === 'busy' && waits && <p className="text-info">{undo.waiting}</p>}
          {fault !== undefined && <p className="text-bad">{fault}</p>}
        </div>
      </div>
    </Dialog>
  )
}

/** What of it cannot be undone, as far as that is known before. */
function useStays({ deed }: Done): readonly string[] {
  const undo = useWords().review.undo
  const client = useQueryClient()
  const ids = 'allocations' in deed ? deed.allocations.map(({ invoice_id }) => invoice_id) : []
  const known = ids.map((id) => client.getQueryData<Invoice>(['invoices', 'one', id]))
  return known.every((invoice) => invoice?.source === 'api') ? [undo.staysApi] : undo.staysList
}

/** The match once its payments are booked or refused; as it is when that takes too long. */
async function whenSettled(
  payymo: Payymo,
  match: InvoiceMatch,
  signal: AbortSignal,
  onWait: () => void,
): Promise<InvoiceMatch> {
  let now = match
  for (let looks = 0; now.status === 'approved' && looks < LOOKS_MAX; looks += 1) {
    if (looks > 0) {
      onWait()
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
    now = await payymo.invoiceMatches.get(match.id, { signal })
  }
  return now
}
