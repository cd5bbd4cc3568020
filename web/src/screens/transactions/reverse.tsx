import type { InvoiceMatch } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Fault } from '../../design/fault.tsx'
import { isBookedBefore } from './queries.ts'

/** Takes a booking back. What cannot be undone is said before, what the server found is said after. */
export function Reverse({ match, open, onClose }: { match: InvoiceMatch; open: boolean; onClose: () => void }) {
  const words = useWords()
  const undo = words.review.undo
  const payymo = useApi()
  const client = useQueryClient()
  const act = useAct()
  const [left, setLeft] = useState<readonly string[]>()
  const invoices = match.allocations.map(({ invoice_number }) => invoice_number)
  const isRelease = isBookedBefore(match)
  const titleOf = () => {
    if (left === undefined) return isRelease ? words.transactions.releaseTitle : undo.title
    return match.reversal?.state === 'pending' ? undo.under : undo.done
  }
  const close = () => {
    act.clear()
    setLeft(undefined)
    onClose()
  }
  const takeBack = () =>
    void act.run(
      () => payymo.invoiceMatches.update(match.id, { status: 'reversed' }),
      (after) => {
        setLeft(after.reversal?.left ?? [])
        for (const name of ['matches', 'transactions', 'payments', 'invoices'])
          void client.invalidateQueries({ queryKey: [name] })
      },
    )
  return (
    <Dialog
      open={open}
      onClose={close}
      title={titleOf()}
      footer={
        left === undefined ? (
          <>
            <Button onClick={close}>{words.app.cancel}</Button>
            <Button weight="danger" data-first busy={act.busy} onClick={takeBack}>
              {isRelease ? words.transactions.release : undo.confirm}
            </Button>
          </>
        ) : (
          <Button weight="primary" onClick={close}>
            {words.app.close}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-3" aria-live="polite">
        {left === undefined ? (
          isRelease ? (
            <p>{words.transactions.releaseText(invoices)}</p>
          ) : (
            <>
              <p>{undo.text(invoices.join(', '))}</p>
              <p className="font-medium">{undo.stays}</p>
              <List texts={undo.staysList} />
            </>
          )
        ) : (
          <>
            <p>{words.transactions.takenBackText(invoices)}</p>
            {left.length > 0 && <p className="font-medium">{words.transactions.staysText}</p>}
            <List texts={left} />
          </>
        )}
        <Fault text={act.fault} />
      </div>
    </Dialog>
  )
}

const List = ({ texts }: { texts: readonly string[] }) => (
  <ul className="list-disc space-y-1 pl-5 text-soft empty:hidden">
    {texts.map((text) => (
      <li key={text}>{text}</li>
    ))}
  </ul>
)
