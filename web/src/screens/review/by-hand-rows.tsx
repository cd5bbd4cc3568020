import type { Invoice } from '@payymo/sdk'
import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useWords } from '../../app/words.tsx'
import { classes } from '../../design/classes.ts'
import { useFormats } from '../../design/format.ts'
import { nameOf } from './compare.ts'

/** An invoice that was chosen, with the part it gets. */
export function Chosen({
  invoice,
  typed,
  fault,
  onType,
  onRemove,
  onEnter,
}: {
  invoice: Invoice
  typed: string
  fault: string | undefined
  onType: (typed: string) => void
  onRemove: () => void
  onEnter: () => void
}) {
  const hand = useWords().review.hand
  const formats = useFormats()
  const number = nameOf(invoice)
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 last:border-0">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{number}</p>
        <p className="truncate text-sm text-soft">
          {invoice.client.name} · {formats.amount(invoice.balance, invoice.currency)}
        </p>
      </div>
      <input
        aria-label={hand.amountFor(number)}
        aria-invalid={fault !== undefined || undefined}
        inputMode="decimal"
        value={typed}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && onEnter()}
        className="tabular min-h-9 w-28 rounded-lg border border-line-strong bg-surface px-2.5 text-right aria-invalid:border-bad"
      />
      <button
        type="button"
        onClick={onRemove}
        className="inline-flex size-8 items-center justify-center rounded-lg text-soft hover:bg-sunken hover:text-text"
      >
        <X aria-hidden className="size-4" />
        <span className="sr-only">{hand.remove(number)}</span>
      </button>
      {fault !== undefined && (
        <p role="alert" className="w-full text-right text-sm text-bad">
          {fault}
        </p>
      )}
    </div>
  )
}

/** An invoice that was found. */
export function Found({
  id,
  invoice,
  marked,
  blocked,
  onTake,
}: {
  id: string
  invoice: Invoice
  marked: boolean
  blocked: string | undefined
  onTake: () => void
}) {
  const words = useWords().review
  const formats = useFormats()
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (marked) row.current?.scrollIntoView({ block: 'nearest' })
  }, [marked])
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- keys stay in the field, which moves through the options
    <div
      ref={row}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={marked}
      aria-disabled={blocked !== undefined || undefined}
      onClick={onTake}
      className={classes(
        'flex min-h-12 items-center gap-3 rounded-lg px-3 py-1.5',
        blocked === undefined ? 'cursor-pointer hover:bg-sunken' : 'opacity-60',
        marked && 'bg-sunken outline-2 -outline-offset-2 outline-focus',
      )}
    >
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2">
          <span className="shrink-0 font-medium">{nameOf(invoice)}</span>
          <span className="truncate text-sm text-soft">{invoice.client.name}</span>
        </p>
        <p className="truncate text-sm text-faint">
          {invoice.due_on === null ? words.noDue : words.due(formats.day(invoice.due_on))}
          {blocked !== undefined && ` · ${blocked}`}
          {invoice.status !== 'unpaid' && ` · ${words.status[invoice.status]}`}
        </p>
      </div>
      <span className="tabular whitespace-nowrap">{formats.amount(invoice.balance, invoice.currency)}</span>
    </div>
  )
}
